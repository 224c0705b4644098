"""What can be said of the PowerShell scripts without PowerShell: their face, and what they avoid.

They were never run where these tests were written; read them against docs/how-to/watch.md.
"""

import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

WATCH = REPOSITORY / "compat" / "dicompressor-watch.ps1"
INSTALL = REPOSITORY / "compat" / "install-windows-task.ps1"
SCRIPTS = [WATCH, INSTALL]
# Comments, and strings with what they escape; what is inside holds no brackets of the language.
TOKEN = re.compile(r"<#.*?#>|#[^\n]*|'(?:[^']|'')*'|\"(?:[^\"`]|`.|\"\")*\"", re.DOTALL)
COMMENT = re.compile(r"<#.*?#>|^\s*#[^\n]*", re.DOTALL | re.MULTILINE)
PARAMETER = re.compile(r"\[(string|int|switch)\]\s*\$(\w+)(?:\s*=\s*([^,\n]+))?")
AUTOMATIC = {
    *("_", "true", "false", "null", "LASTEXITCODE", "PSScriptRoot", "ExecutionContext"),
    *("PSCmdlet", "Matches", "ErrorActionPreference"),
}
COMMANDS = {
    *("Get-Acl", "Get-ChildItem", "Get-Command", "Get-Content", "Get-Item", "Test-Path"),
    *("New-ScheduledTaskAction", "New-ScheduledTaskPrincipal", "New-ScheduledTaskSettingsSet"),
    *("New-ScheduledTaskTrigger", "Register-ScheduledTask", "Start-ScheduledTask"),
    *("Stop-ScheduledTask", "Unregister-ScheduledTask", "New-TimeSpan"),
    *("ConvertFrom-Json", "Out-Null", "Select-Object", "Set-StrictMode", "Write-Output"),
}
# Everything that takes a path as a pattern unless it is told not to.
PATH_COMMANDS = ("Test-Path", "Get-Item", "Get-ChildItem", "Get-Content", "Get-Acl")

every_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)


def code_of(script: Path) -> str:
    """Return the script without comments, strings emptied."""

    def emptied(match: re.Match[str]) -> str:
        return "" if match[0][0] in "<#" else match[0][0] * 2

    return TOKEN.sub(emptied, script.read_text(encoding="ascii"))


def parameters_of(script: Path) -> dict[str, tuple[str, str | None]]:
    """Return name -> (type, default) of the script's own parameters."""
    text = script.read_text(encoding="ascii")
    block = text[text.index("\nparam(") : text.index("\n)\n")]
    return {name: (kind, default) for kind, name, default in PARAMETER.findall(block)}


def used_variables(script: Path) -> set[str]:
    """Return the names of variables in code and in strings that are filled in."""
    text = COMMENT.sub("", script.read_text(encoding="ascii"))
    names = set(re.findall(r"\$(\w+)", code_of(script)))
    for string in re.findall(r"\"(?:[^\"`]|`.)*\"", text):
        names |= set(re.findall(r"(?<!`)\$\(?\$?(\w+)", string))
    return names


def test_watch_script_has_the_documented_parameters() -> None:
    assert parameters_of(WATCH) == {
        "WatchDir": ("string", ""),
        "IntervalSeconds": ("int", "300"),
        "OutputDir": ("string", "''"),
        "LogFile": ("string", "''"),
        "ScanStateFile": ("string", "''"),
    }
    mandatory = re.search(r"Mandatory = \$true[^$]*\$(\w+)", code_of(WATCH))
    assert mandatory is not None
    assert mandatory[1] == "WatchDir"


def test_installer_takes_the_parameters_of_the_watch_script() -> None:
    taken = parameters_of(INSTALL)

    assert parameters_of(WATCH).items() <= taken.items()
    assert set(taken) - set(parameters_of(WATCH)) == {
        *("TaskName", "Environment", "LocalService", "Remove"),
    }


@every_script
def test_every_parameter_is_described(script: Path) -> None:
    described = re.findall(r"^\.PARAMETER (\w+)$", script.read_text(), re.MULTILINE)

    assert described == list(parameters_of(script))


@every_script
def test_examples_use_known_parameters(script: Path) -> None:
    examples = re.findall(r"^\.\\(\S+\.ps1) (.*)$", script.read_text(), re.MULTILINE)

    assert examples
    for name, arguments in examples:
        assert name == script.name
        assert set(re.findall(r"(?:^| )-(\w+)", arguments)) <= set(parameters_of(script))


@every_script
def test_quotes_and_brackets_are_balanced(script: Path) -> None:
    code = code_of(script)
    pairs = {")": "(", "]": "[", "}": "{"}
    opened: list[str] = []

    for character in code:
        if character in pairs.values():
            opened.append(character)
        elif character in pairs:
            assert opened, f"{character} closes nothing"
            assert opened.pop() == pairs[character]

    assert opened == []
    assert code.count("'") % 2 == 0
    assert code.count('"') % 2 == 0
    for line in code.splitlines():
        assert line.count("'") % 2 == 0, f"a string of more than one line: {line}"


@every_script
def test_every_variable_is_given_a_value_somewhere(script: Path) -> None:
    code = code_of(script)
    given = set(re.findall(r"\$(\w+)\s*\+?=", code)) | set(
        re.findall(r"foreach \(\$(\w+) in", code)
    )
    given |= {name for _, name, _ in PARAMETER.findall(code)}
    given |= set(re.findall(r"\[string\[\]\]\s*\$(\w+)", code))

    lowered = {name.lower() for name in given | AUTOMATIC}
    assert {name for name in used_variables(script) if name.lower() not in lowered} == set()


@every_script
def test_only_known_commands_are_called(script: Path) -> None:
    code = code_of(script)
    own = set(re.findall(r"^function ([\w-]+)", code, re.MULTILINE))
    called = set(re.findall(r"(?<![-\w])[A-Z][a-z]+-[A-Z]\w+", code))

    assert called - own <= COMMANDS
    for name in own:
        assert len(re.findall(rf"(?<![-\w]){name}(?![-\w])", code)) > 1, f"{name} is not used"


@every_script
def test_nothing_is_evaluated_and_no_policy_is_changed(script: Path) -> None:
    code = code_of(script).lower()

    for word in ("invoke-expression", "iex ", "executionpolicy", "bypass", "add-type", "runas"):
        assert word not in code
    assert "downloadstring" not in code
    assert "invoke-webrequest" not in code


@every_script
def test_paths_are_never_patterns(script: Path) -> None:
    uses = re.findall(rf"\b({'|'.join(PATH_COMMANDS)})\b(.*)", code_of(script))

    assert uses
    assert [use for use in uses if not use[1].startswith(" -LiteralPath ")] == []


@every_script
def test_errors_are_no_warnings_and_exit_codes_are_passed_on(script: Path) -> None:
    code = script.read_text()

    assert "Set-StrictMode -Version 2.0" in code
    assert "$ErrorActionPreference = 'Stop'" in code
    assert "#Requires -Version 5.1" in code
    if script == WATCH:
        assert code.rstrip().endswith("exit $LASTEXITCODE")


def test_watch_script_passes_the_documented_switches() -> None:
    code = WATCH.read_text()

    for switch in ("'-j'", '"--watch=$IntervalSeconds"', "'-f'", "'--output-dir='"):
        assert switch in code
    assert "'--log-file='" in code
    assert "'--scan-state-file='" in code
    assert "'.scan-state.json'" in code
    assert '"Directory not found: $WatchDir"' in code


def test_the_task_never_runs_with_all_rights() -> None:
    code = INSTALL.read_text()

    assert set(re.findall(r"RunLevel = '(\w+)'", code)) == {"Limited"}
    assert set(re.findall(r"UserId = ('\w+'|\$[\w.]+)", code)) == {"'LOCALSERVICE'", "$user.Name"}
    assert "Highest" not in code
    assert '"-I -m isocenter.cli.switches -j --watch=$IntervalSeconds --quiet"' in code
    # What is run was looked at before.
    assert code.index("Assert-GuardedEnvironment -Folder $Environment") < code.index(
        "Register-ScheduledTask @task"
    )
