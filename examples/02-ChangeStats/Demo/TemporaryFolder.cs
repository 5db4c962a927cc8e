namespace ChangeStats.Demo;

/// <summary>A folder that is gone when the demo is done.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("change-stats-");

    public string Logs => _folder.CreateSubdirectory("logs").FullName;

    public string Database => Path.Combine(_folder.FullName, "stats.db");

    /// <summary>Whether to leave the logs: they are the evidence when something went wrong.</summary>
    public bool KeepLogs { get; set; }

    public void Dispose()
    {
        if (!KeepLogs)
        {
            _folder.Delete(recursive: true);
            return;
        }

        foreach (var file in _folder.EnumerateFiles())
        {
            file.Delete();
        }
    }
}
