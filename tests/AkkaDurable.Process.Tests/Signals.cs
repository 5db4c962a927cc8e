using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AkkaDurable.Process.Tests;

/// <summary>Signals that .NET has no method for.</summary>
internal static class Signals
{
    private const int Terminate = 15;
    private static readonly int s_stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int s_continue = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Asks the process to end: SIGTERM.</summary>
    public static void SendTerminate(int pid) => Send(pid, Terminate);

    /// <summary>Keeps the process from running, as a frozen virtual machine would be kept: SIGSTOP.</summary>
    public static void SendStop(int pid) => Send(pid, s_stop);

    /// <summary>Lets the process run again: SIGCONT.</summary>
    public static void SendContinue(int pid) => Send(pid, s_continue);

    private static void Send(int pid, int signal)
    {
        if (Kill(pid, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"signal {signal} to process {pid}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
