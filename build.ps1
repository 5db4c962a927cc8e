#!/usr/bin/env pwsh
# The twin of build.sh: the same verbs, no logic of its own.
$Verb = "$($args[0])"
$Rest = @($args | Select-Object -Skip 1)
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

function Build { dotnet build "$PSScriptRoot/AkkaDurable.sln" -c Release -v quiet }
function Test([string] $Skip) {
    Build
    Get-ChildItem "$PSScriptRoot/tests/*/*.Tests.csproj" | Where-Object Name -NotLike $Skip |
        ForEach-Object { dotnet test $_.FullName -c Release --no-build @Rest }
}

switch ($Verb) {
    ''          { Test '*.Process.Tests.csproj' }
    'build'     { dotnet build "$PSScriptRoot/AkkaDurable.sln" -c Release -v quiet @Rest }
    'test'      { Test '*.Process.Tests.csproj' }
    'test-slow' { $env:AKKADURABLE_SLOW = '1'; Test '' }
    'demo'      { dotnet run -c Release --project "$PSScriptRoot/examples/02-ChangeStats" -- demo @Rest }
    'demo-regions' { dotnet run -c Release --project "$PSScriptRoot/examples/03-TwoRegions" -- @Rest }
    'demo-chat' { dotnet run -c Release --project "$PSScriptRoot/examples/04-ChatRooms" -- demo @Rest }
    'demo-telemetry' { dotnet run -c Release --project "$PSScriptRoot/examples/06-Telemetry" -- @Rest }
    'bench'     { dotnet run -c Release --project "$PSScriptRoot/benchmarks/AkkaDurable.Benchmarks" -- @Rest }
    'pack'      { Get-ChildItem "$PSScriptRoot/src/*/*.csproj" |
                    ForEach-Object { dotnet pack $_.FullName -c Release -o "$PSScriptRoot/artifacts/packages" @Rest } }
    default     { 'build.ps1 [build | test | test-slow | demo | demo-regions | demo-chat | demo-telemetry | bench | pack | help] [arguments]; without a verb: build and test' }
}
