namespace AkkaDurable.Supervision.Internal.State;

/// <summary>What a supervisor knows of a child.</summary>
internal sealed class ChildRecord(ChildSpec spec)
{
    public ChildSpec Spec { get; } = spec;

    /// <summary>The run that is being started, runs or is being stopped; 0: none.</summary>
    public long Run
    {
        get;
        set
        {
            field = value;
            LastRun = value == 0 ? LastRun : value;
        }
    }

    /// <summary>The run before, as long as there is no other.</summary>
    public long LastRun { get; private set; }

    public ChildStatus Status { get; set; } = ChildStatus.Stopped;

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; set; }

    /// <summary>Restarts since it last stayed up.</summary>
    public int Attempts { get; set; }

    /// <summary>The restart that it waits for, if that has a delay; a ticket that came back and is another one is out of date. 0: none, or the next turn will do.</summary>
    public long Ticket { get; set; }

    /// <summary>Whether the restart that it waits for has been noted in the window already.</summary>
    public bool IsCounted { get; set; }

    /// <summary>The end that is known while something else is under way.</summary>
    public ExitReason? EarlyExit { get; set; }

    public bool IsTemporary => Spec.Restart == Restart.Temporary;

    public bool IsRestarting => Status == ChildStatus.Restarting;

    /// <summary>OTP's rule for reports: a child that was told to end should say shutdown (or killed, if it was killed); one that is not permanent may as well end normally.</summary>
    public bool MayEndWith(ExitReason reason) => reason.Kind switch
    {
        ExitKind.Killed => Spec.Shutdown.IsBrutalKill,
        ExitKind.Normal => Spec.Restart != Restart.Permanent,
        ExitKind.Shutdown when Spec.Shutdown.IsBrutalKill || reason.Detail is not null => Spec.Restart != Restart.Permanent,
        ExitKind.Shutdown => true,
        _ => false,
    };

    public void Clear()
    {
        Run = 0;
        Ticket = 0;
        IsCounted = false;
        EarlyExit = null;
        Status = ChildStatus.Stopped;
    }
}
