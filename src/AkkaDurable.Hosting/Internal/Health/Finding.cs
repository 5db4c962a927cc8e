using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AkkaDurable.Hosting.Internal.Health;

/// <summary>What a check has found so far: the worst, with a sentence for each thing that is wrong, and figures.</summary>
internal sealed class Finding
{
    private readonly List<string> _reasons = [];
    private HealthStatus _status = HealthStatus.Healthy;

    public Dictionary<string, object> Figures { get; } = [];

    public bool IsWell => _reasons.Count == 0;

    public Finding Degraded(string reason) => Add(HealthStatus.Degraded, reason);

    public Finding Unhealthy(string reason) => Add(HealthStatus.Unhealthy, reason);

    /// <param name="well">What to say when nothing is wrong.</param>
    public HealthCheckResult Result(string well) => new(_status, IsWell ? well : string.Join(" ", _reasons), data: Figures);

    private Finding Add(HealthStatus status, string reason)
    {
        // The smaller the worse.
        _status = status < _status ? status : _status;
        _reasons.Add(reason);
        return this;
    }
}
