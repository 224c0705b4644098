<#
.SYNOPSIS
Watch a folder and merge what arrives in its subfolders.

.DESCRIPTION
A thin face of `dicompressor.py -j --watch`, which does the work and says what it does; its exit
code is passed on. Ctrl+C stops. With a log file, the scan state lies beside it unless it is named
too.

.PARAMETER WatchDir
The folder to watch, with the folders inside it.

.PARAMETER IntervalSeconds
Seconds from the start of one pass to the start of the next.

.PARAMETER OutputDir
Also copy the results into this folder.

.PARAMETER LogFile
Also log into this file.

.PARAMETER ScanStateFile
Where to remember folders between two starts.

.EXAMPLE
.\dicompressor-watch.ps1 -WatchDir "D:\DICOM\Patients" -IntervalSeconds 300

.EXAMPLE
.\dicompressor-watch.ps1 -WatchDir "D:\DICOM\Patients" -OutputDir "D:\Merged"
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $WatchDir,

    [Parameter(Position = 1)]
    [int] $IntervalSeconds = 300,

    [Parameter(Position = 2)]
    [string] $OutputDir = '',

    [Parameter(Position = 3)]
    [string] $LogFile = '',

    [Parameter(Position = 4)]
    [string] $ScanStateFile = ''
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# On stdout, where the program prints its own errors.
function Stop-WithError {
    param([string] $Reason)
    Write-Output "ERROR: $Reason"
    exit 1
}

# Return a full path as Windows knows it, without the wildcards and drives of PowerShell. A
# backslash at its end goes: PowerShell 5.1 would let it swallow the closing quote of the argument.
function Get-PlainPath {
    param([string] $Path)
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    # The root of a drive needs its backslash, and has no spaces that would need quotes.
    if ($full -match '^[A-Za-z]:\\$') {
        return $full
    }
    return $full.TrimEnd([char[]] '\/')
}

# Any Python 3 will do: the program finds the one that has what it needs.
function Find-Python {
    # What Python prints on stderr is no error of this script.
    $ErrorActionPreference = 'Continue'
    $candidates = @(
        @{ Name = 'py'; Options = @('-3') }
        @{ Name = 'python3'; Options = @() }
        @{ Name = 'python'; Options = @() }
    )
    $question = 'import sys; sys.exit(sys.version_info[0] != 3)'
    foreach ($candidate in $candidates) {
        $options = $candidate.Options
        $found = Get-Command -Name $candidate.Name -CommandType Application -ErrorAction Ignore |
            Select-Object -First 1
        if ($null -eq $found) {
            continue
        }
        try {
            # The Python that Windows brings only opens a shop, and ends with another exit code.
            & $found.Path @options -c $question 2>$null | Out-Null
        }
        catch {
            continue
        }
        if ($LASTEXITCODE -eq 0) {
            return @{ Path = $found.Path; Options = $options }
        }
    }
    $checkout = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
    $python = [System.IO.Path]::Combine($checkout, '.venv', 'Scripts', 'python.exe')
    if (Test-Path -LiteralPath $python -PathType Leaf) {
        return @{ Path = $python; Options = @() }
    }
    return $null
}

if (-not (Test-Path -LiteralPath $WatchDir)) {
    Stop-WithError "Directory not found: $WatchDir"
}
$directory = Get-PlainPath $WatchDir
if (-not (Test-Path -LiteralPath $directory -PathType Container)) {
    Stop-WithError "Directory not found: $WatchDir"
}

$python = Find-Python
if ($null -eq $python) {
    Stop-WithError 'Python 3 not found: install it, then run this again'
}

$program = [System.IO.Path]::Combine($PSScriptRoot, 'dicompressor.py')
$arguments = @($program, '-j', "--watch=$IntervalSeconds", '-f', $directory)
if ($OutputDir -ne '') {
    $arguments += '--output-dir=' + (Get-PlainPath $OutputDir)
}
if ($LogFile -ne '') {
    $log = Get-PlainPath $LogFile
    $arguments += '--log-file=' + $log
    if ($ScanStateFile -eq '') {
        $stem = [System.IO.Path]::GetFileNameWithoutExtension($log)
        $folder = [System.IO.Path]::GetDirectoryName($log)
        $ScanStateFile = [System.IO.Path]::Combine($folder, $stem + '.scan-state.json')
    }
}
if ($ScanStateFile -ne '') {
    $arguments += '--scan-state-file=' + (Get-PlainPath $ScanStateFile)
}

Write-Output 'Isocenter folder watch'
Write-Output "  Directory: $directory"
Write-Output "  Interval:  $IntervalSeconds seconds"

# What the program prints on stderr is its log.
$ErrorActionPreference = 'Continue'
$options = $python.Options
& $python.Path @options @arguments
exit $LASTEXITCODE
