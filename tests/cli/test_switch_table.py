from isocenter.cli.switch_table import SWITCHES
from isocenter.services.actions import ACTIONS


def test_each_switch_has_its_action_with_the_options_it_names() -> None:
    for switch in SWITCHES:
        names = {option.name for option in ACTIONS[switch.action].options}
        assert {*switch.options, *filter(None, [switch.takes])} <= names, switch.flags


def test_no_flag_and_no_name_stands_twice() -> None:
    flags = [flag for switch in SWITCHES for flag in switch.flags]
    names = [switch.name for switch in SWITCHES]

    assert len(flags) == len(set(flags))
    assert len(names) == len(set(names))


def test_all_documented_switches_are_there() -> None:
    flags = {flag for switch in SWITCHES for flag in switch.flags}
    letters = {letter for both in "xzuaiemdwpnlb" for letter in (both, both.upper())} | set("jstv")

    assert {f"-{letter}" for letter in letters} | {"--info", "--summary"} <= flags
