from isocenter.dicom.part10 import Elements
from isocenter.services.elements import ElementStore


def slices(count: int) -> list[Elements]:
    """Return elements that are mostly the same, some only in every second slice."""
    made: list[Elements] = []
    for index in range(count):
        elements = dict.fromkeys(range(50), b"the same")
        elements[100] = b"own %d" % index
        if index % 2:
            elements[101] = b"in every second"
            del elements[7]
        made.append(elements)
    return made


def test_every_slice_comes_back_equal() -> None:
    store = ElementStore()
    expected = slices(20)
    for index, elements in enumerate(expected):
        store.put(index, "kind", dict(elements))

    assert [store.get(index) for index in range(20)] == expected


def test_slices_of_several_kinds_are_kept_apart() -> None:
    store = ElementStore()
    store.put(0, "a", {1: b"a"})
    store.put(1, "b", {1: b"b", 2: b"b"})
    store.put(2, "a", {3: b"a"})

    assert store.get(0) == {1: b"a"}
    assert store.get(1) == {1: b"b", 2: b"b"}
    assert store.get(2) == {3: b"a"}


def test_what_comes_back_may_be_changed() -> None:
    store = ElementStore()
    store.put(0, "kind", {1: b"a"})
    store.put(1, "kind", {1: b"a"})
    first = store.get(0)
    assert first is not None

    first[1] = b"changed"

    assert store.get(0) == store.get(1) == {1: b"a"}


def test_an_unknown_slice_is_not_remembered() -> None:
    assert ElementStore().get(3) is None


def test_what_does_not_fit_is_not_remembered_and_the_rest_is() -> None:
    store = ElementStore(memory_bytes=40_000)
    small = slices(6)
    for index, elements in enumerate(small):
        store.put(index, "kind", dict(elements))
    store.put(90, "kind", {**small[0], 200: bytes(50_000)})
    store.put(91, "another kind", {200: bytes(50_000)})
    store.put(6, "kind", dict(small[0]))

    assert store.get(90) is None
    assert store.get(91) is None
    assert [store.get(index) for index in range(7)] == [*small, small[0]]


def test_the_bound_holds_for_many_slices() -> None:
    store = ElementStore(memory_bytes=20_000)
    for index, elements in enumerate(slices(1000)):
        store.put(index, "kind", elements)

    remembered = [index for index in range(1000) if store.get(index) is not None]

    assert 5 < len(remembered) < 100
    assert remembered == list(range(len(remembered)))
