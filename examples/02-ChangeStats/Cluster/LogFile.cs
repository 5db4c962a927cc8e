using Microsoft.Extensions.Logging;

namespace ChangeStats.Cluster;

/// <summary>Writes log messages to a file, so that they do not disturb what the demo prints.</summary>
internal sealed class LogFile(string path) : ILoggerProvider
{
    private readonly StreamWriter _writer = new(path, append: true) { AutoFlush = true };

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _writer.Dispose();

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lock (file._writer)
                {
                    file._writer.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss.fff} {logLevel}: {category} {formatter(state, exception)} {exception}");
                }
            }
        }
    }
}
