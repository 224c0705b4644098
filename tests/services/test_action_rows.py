from isocenter.services.action_rows import Action, Option


def test_rows_that_say_no_more_are_plain_writing_actions() -> None:
    action = Action(name="a", function="m:f", writes=True, sentence="do it")

    assert (action.options, action.command, action.variant) == ((), "", "")
    assert action.is_watchable


def test_options_are_free_text_of_their_own_name_unless_they_say_more() -> None:
    option = Option(name="a_b", kind="text", default="", sentence="say it")

    assert (option.choices, option.metavar, option.flag) == ((), "", "")
