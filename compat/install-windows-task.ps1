<#
.SYNOPSIS
Install watching a folder as a scheduled task, or remove it again.

.DESCRIPTION
The task never runs with more rights than those who can change what it runs:

- by default as the current user, when that user logs on, never elevated;
- with -LocalService as LOCAL SERVICE, an account almost without rights, when Windows starts. Only
  administrators can install that.

It runs the Python of an installation directly, no script from a folder that somebody unzipped.
The installation, its Python and the folders above them are looked at first: where anybody else
than that user (or, with -LocalService, than administrators) could write, the task is refused with
the reason.

.PARAMETER WatchDir
The folder to watch, with the folders inside it.

.PARAMETER IntervalSeconds
Seconds from the start of one pass to the start of the next.

.PARAMETER OutputDir
Also copy the results into this folder.

.PARAMETER LogFile
Log into this file; a task has no window that shows what it does.

.PARAMETER ScanStateFile
Where to remember folders between two starts.

.PARAMETER TaskName
The name of the task.

.PARAMETER Environment
The virtual environment that has the program; by default the .venv of this checkout.

.PARAMETER LocalService
Run as LOCAL SERVICE, when Windows starts.

.PARAMETER Remove
Stop and remove the task; program and images stay.

.EXAMPLE
.\install-windows-task.ps1 -WatchDir "D:\DICOM\Patients" -LogFile "D:\Logs\watch.log"

.EXAMPLE
.\install-windows-task.ps1 -WatchDir "D:\DICOM\Patients" -LocalService -Environment "C:\Program Files\Isocenter"

.EXAMPLE
.\install-windows-task.ps1 -Remove
#>
#Requires -Version 5.1
[CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'Install')]
param(
    [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Install')]
    [ValidateNotNullOrEmpty()]
    [string] $WatchDir,

    [Parameter(ParameterSetName = 'Install')]
    [ValidateRange(1, 86400)]
    [int] $IntervalSeconds = 300,

    [Parameter(ParameterSetName = 'Install')]
    [string] $OutputDir = '',

    [Parameter(ParameterSetName = 'Install')]
    [string] $LogFile = '',

    [Parameter(ParameterSetName = 'Install')]
    [string] $ScanStateFile = '',

    [ValidateNotNullOrEmpty()]
    [string] $TaskName = 'Isocenter watch',

    [Parameter(ParameterSetName = 'Install')]
    [string] $Environment = '',

    [Parameter(ParameterSetName = 'Install')]
    [switch] $LocalService,

    [Parameter(Mandatory = $true, ParameterSetName = 'Remove')]
    [switch] $Remove
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# Whoever may write there is the machine itself: SYSTEM, Administrators, TrustedInstaller.
$machine = @(
    'S-1-5-18'
    'S-1-5-32-544'
    'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
)
# Rights to replace a folder from above: delete it or a child, or give oneself the right to.
# DeleteSubdirectoriesAndFiles, Delete, ChangePermissions, TakeOwnership, GENERIC_ALL.
$replacing = 0x40 -bor 0x10000 -bor 0x40000 -bor 0x80000 -bor 0x10000000
# Rights to change a file or to put one beside it: also WriteData, AppendData, GENERIC_WRITE.
$writing = $replacing -bor 0x2 -bor 0x4 -bor 0x40000000

function Stop-WithError {
    param([string] $Reason)
    [Console]::Error.WriteLine("ERROR: $Reason")
    exit 1
}

# Return a full path as Windows knows it, without the wildcards and drives of PowerShell.
function Get-PlainPath {
    param([string] $Path)
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    if ($full -match '^[A-Za-z]:\\$') {
        return $full
    }
    return $full.TrimEnd([char[]] '\/')
}

# Return an argument as programs take it apart (CommandLineToArgvW). Task Scheduler replaces
# %NAME% and $(Arg0), and gives no way to write them otherwise.
function ConvertTo-Argument {
    param([string] $Value)
    if ($Value -match '%|\$\(|"') {
        Stop-WithError "a task cannot name what has a percent sign, a quote or `$( in it: $Value"
    }
    return '"' + ($Value -replace '(\\+)$', '$1$1') + '"'
}

# Refuse a file or folder if one who is not trusted owns it or holds one of these rights to it.
function Assert-Guarded {
    param([string] $Path, [int] $Rights, [string[]] $Trusted)
    $sids = [System.Security.Principal.SecurityIdentifier]
    $acl = Get-Acl -LiteralPath $Path
    $strangers = @()
    $owner = $acl.GetOwner($sids).Value
    if ($Trusted -notcontains $owner) {
        $strangers += $owner
    }
    foreach ($rule in $acl.GetAccessRules($true, $true, $sids)) {
        $forChildren = [System.Security.AccessControl.PropagationFlags]::InheritOnly
        $isForChildrenOnly = ([int] $rule.PropagationFlags -band [int] $forChildren) -ne 0
        $isAllowed = $rule.AccessControlType -eq [System.Security.AccessControl.AccessControlType]::Allow
        $isRelevant = ([int] $rule.FileSystemRights -band $Rights) -ne 0
        # S-1-3-4 is whoever owns it, who was looked at above.
        $isTrusted = ($Trusted + 'S-1-3-4') -contains $rule.IdentityReference.Value
        if ($isAllowed -and $isRelevant -and -not $isForChildrenOnly -and -not $isTrusted) {
            $strangers += $rule.IdentityReference.Value
        }
    }
    if ($strangers.Count -gt 0) {
        Stop-WithError "others can write to it ($($strangers[0])), the task must not run it: $Path"
    }
}

# Refuse a folder if somebody who is not trusted can change it, what is in it, or the way to it.
function Assert-GuardedTree {
    param([string] $Path, [string[]] $Trusted)
    $items = @(Get-Item -LiteralPath $Path -Force)
    if ($items[0].PSIsContainer) {
        $items += @(Get-ChildItem -LiteralPath $Path -Recurse -Force)
    }
    foreach ($item in $items) {
        if (([int] $item.Attributes -band [int] [System.IO.FileAttributes]::ReparsePoint) -ne 0) {
            Stop-WithError "a link may lead anywhere, the task must not run it: $($item.FullName)"
        }
        Assert-Guarded -Path $item.FullName -Rights $writing -Trusted $Trusted
    }
    $folder = [System.IO.Path]::GetDirectoryName($Path)
    while ($folder) {
        Assert-Guarded -Path $folder -Rights $replacing -Trusted $Trusted
        $folder = [System.IO.Path]::GetDirectoryName($folder)
    }
}

# Return the folder of the Python that a virtual environment was made with, without running it.
function Get-BasePython {
    param([string] $Folder)
    $settings = [System.IO.Path]::Combine($Folder, 'pyvenv.cfg')
    if (-not (Test-Path -LiteralPath $settings -PathType Leaf)) {
        Stop-WithError "no virtual environment: $Folder"
    }
    foreach ($line in Get-Content -LiteralPath $settings -Encoding UTF8) {
        if ($line -match '^home\s*=\s*(.+?)\s*$') {
            return $Matches[1]
        }
    }
    Stop-WithError "it does not say which Python it was made with: $settings"
}

# Refuse an environment unless all that it runs can be changed by trusted accounts only.
function Assert-GuardedEnvironment {
    param([string] $Folder, [string] $Python, [string[]] $Trusted)
    $base = Get-PlainPath (Get-BasePython -Folder $Folder)
    Write-Output 'Looking at who can change the program; this takes a moment'
    Assert-GuardedTree -Path $Folder -Trusted $Trusted
    Assert-GuardedTree -Path $base -Trusted $Trusted
    # An installation that only links to a checkout would run what the checkout's owner writes.
    # What was looked at may now be run; it is asked for places, and imports nothing of ours.
    # As JSON its answer is plain ASCII: otherwise letters of other code pages would be lost, and
    # places with them would seem not to exist.
    $answer = & $Python -I -c 'import json, sys; print(json.dumps(sys.path))'
    if ($LASTEXITCODE -ne 0) {
        Stop-WithError "this Python does not run: $Python"
    }
    $places = ConvertFrom-Json -InputObject $answer
    foreach ($place in $places) {
        $ignoreCase = [System.StringComparison]::OrdinalIgnoreCase
        $isSeen = $place.StartsWith($Folder + '\', $ignoreCase) -or $place.StartsWith($base + '\', $ignoreCase)
        if (-not $isSeen -and $place -ne '' -and (Test-Path -LiteralPath $place)) {
            Assert-GuardedTree -Path $place -Trusted $Trusted
        }
    }
}

# Return the account, what starts the task, and whom to trust, as a table.
function Get-Runner {
    $user = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    if ($LocalService) {
        $role = [System.Security.Principal.WindowsBuiltInRole]::Administrator
        if (-not ([System.Security.Principal.WindowsPrincipal] $user).IsInRole($role)) {
            Stop-WithError 'only administrators can install a task that starts with Windows'
        }
        $account = @{ UserId = 'LOCALSERVICE'; LogonType = 'ServiceAccount'; RunLevel = 'Limited' }
        $trigger = New-ScheduledTaskTrigger -AtStartup
        $trusted = $machine
    }
    else {
        # SYSTEM, and the built-in Administrator, whom RunLevel does not limit.
        if ($user.User.Value -eq 'S-1-5-18' -or $user.User.Value -match '-500$') {
            Stop-WithError 'what reads files of unknown origin never runs with all rights: use -LocalService'
        }
        $account = @{ UserId = $user.Name; LogonType = 'Interactive'; RunLevel = 'Limited' }
        $trigger = New-ScheduledTaskTrigger -AtLogOn -User $user.Name
        $trusted = $machine + $user.User.Value
    }
    return @{
        Principal = New-ScheduledTaskPrincipal @account
        Trigger = $trigger
        Trusted = $trusted
    }
}

# Return the arguments of Python, as one line. Isolated (-I), it takes neither modules from the
# present folder nor from places that environment variables name.
function Get-ArgumentLine {
    $line = "-I -m isocenter.cli.switches -j --watch=$IntervalSeconds --quiet"
    $line += ' -f ' + (ConvertTo-Argument (Get-PlainPath $WatchDir))
    if ($OutputDir -ne '') {
        $line += ' ' + (ConvertTo-Argument ('--output-dir=' + (Get-PlainPath $OutputDir)))
    }
    if ($LogFile -ne '') {
        $line += ' ' + (ConvertTo-Argument ('--log-file=' + (Get-PlainPath $LogFile)))
    }
    if ($ScanStateFile -ne '') {
        $line += ' ' + (ConvertTo-Argument ('--scan-state-file=' + (Get-PlainPath $ScanStateFile)))
    }
    return $line
}

if ($Remove) {
    if ($PSCmdlet.ShouldProcess($TaskName, 'Remove the scheduled task')) {
        Stop-ScheduledTask -TaskName $TaskName
        Unregister-ScheduledTask -TaskName $TaskName -Confirm:$false
        Write-Output "Removed: $TaskName"
    }
    exit 0
}

if (-not (Test-Path -LiteralPath $WatchDir -PathType Container)) {
    Stop-WithError "Directory not found: $WatchDir"
}
if ($Environment -eq '') {
    $Environment = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($PSScriptRoot), '.venv')
}
$Environment = Get-PlainPath $Environment
$scripts = [System.IO.Path]::Combine($Environment, 'Scripts')
foreach ($name in @('python.exe', 'pythonw.exe', 'dicompressor.exe')) {
    $file = [System.IO.Path]::Combine($scripts, $name)
    if (-not (Test-Path -LiteralPath $file -PathType Leaf)) {
        Stop-WithError "Isocenter is not installed there: $file is missing"
    }
}

$runner = Get-Runner
$python = [System.IO.Path]::Combine($scripts, 'python.exe')
Assert-GuardedEnvironment -Folder $Environment -Python $python -Trusted $runner.Trusted

$limits = @{
    MultipleInstances = 'IgnoreNew'
    ExecutionTimeLimit = [TimeSpan]::Zero
    RestartCount = 999
    RestartInterval = New-TimeSpan -Minutes 1
    StartWhenAvailable = $true
    AllowStartIfOnBatteries = $true
    DontStopIfGoingOnBatteries = $true
}
# pythonw opens no window.
$pythonw = [System.IO.Path]::Combine($scripts, 'pythonw.exe')
$task = @{
    TaskName = $TaskName
    Description = 'Isocenter: merge the series that arrive in a folder'
    Action = New-ScheduledTaskAction -Execute $pythonw -Argument (Get-ArgumentLine)
    Trigger = $runner.Trigger
    Principal = $runner.Principal
    Settings = New-ScheduledTaskSettingsSet @limits
}
if ($PSCmdlet.ShouldProcess($TaskName, 'Register the scheduled task')) {
    Register-ScheduledTask @task -Force | Out-Null
    Start-ScheduledTask -TaskName $TaskName
    Write-Output "Registered and started: $TaskName"
    if ($LocalService) {
        Write-Output 'LOCAL SERVICE must be able to read and write the folders; an administrator allows it by:'
        Write-Output ('  icacls "' + (Get-PlainPath $WatchDir) + '" /grant "*S-1-5-19:(OI)(CI)M"')
    }
}
