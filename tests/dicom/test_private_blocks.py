from isocenter.dicom.private_blocks import add_private
from tests.raw_instance import Elements, encode, text

CREATOR, SECOND, THIRD = 0x00210010, 0x00210011, 0x00210012


def encoded(elements: Elements) -> dict[int, bytes]:
    return {tag: encode({tag: raw}) for tag, raw in elements.items()}


def moved(root: Elements, item: Elements) -> dict[int, bytes]:
    result = encoded(root)
    add_private(result, encoded(item), is_implicit=False)
    return result


def test_a_block_keeps_its_number_where_that_is_free() -> None:
    item = {CREATOR: text("LO", "ONE"), 0x002110FE: text("LO", "a"), 0x00080008: text("CS", "X")}

    assert moved({}, item) == encoded({tag: item[tag] for tag in (CREATOR, 0x002110FE)})


def test_a_block_of_the_same_creator_is_joined() -> None:
    root = {CREATOR: text("LO", "ONE"), 0x00211001: text("LO", "old"), 0x00211002: text("LO", "b")}
    item = {CREATOR: text("LO", "ONE "), 0x00211001: text("LO", "new")}

    found = moved(root, item)

    assert found[0x00211001] == encode({0x00211001: text("LO", "new")})
    assert found[0x00211002] == encode({0x00211002: text("LO", "b")})


def test_a_block_of_another_creator_makes_it_move() -> None:
    root = {CREATOR: text("LO", "ONE"), 0x002110FE: text("LO", "one's")}
    item = {CREATOR: text("LO", "TWO"), 0x002110FE: text("LO", "two's")}

    assert moved(root, item) == encoded(
        {**root, SECOND: text("LO", "TWO"), 0x002111FE: text("LO", "two's")}
    )


def test_a_moved_block_finds_its_creator_in_the_root() -> None:
    root = {CREATOR: text("LO", "ONE"), THIRD: text("LO", "TWO")}
    item = {CREATOR: text("LO", "TWO"), 0x002110FE: text("LO", "two's")}

    assert moved(root, item) == encoded({**root, 0x002112FE: text("LO", "two's")})


def test_what_has_no_creator_stays_where_it_is_unless_the_root_has_something_there() -> None:
    orphan: Elements = {0x002110FE: text("LO", "whose?")}

    assert moved({}, orphan) == encoded(orphan)
    owned: Elements = {CREATOR: text("LO", "ONE")}
    assert moved(owned, orphan) == encoded(owned)


def test_without_a_free_block_nothing_is_given_to_another_creator() -> None:
    full: Elements = {0x00210000 | block: text("LO", f"N{block}") for block in range(0x10, 0x100)}

    assert moved(full, {CREATOR: text("LO", "NEW"), 0x00211001: text("LO", "a")}) == encoded(full)
