using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;
using AkkaLevel = Akka.Event.LogLevel;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaDurable.Internal.Hosting;

/// <summary>Writes to the actor system's log where no application log was given.</summary>
internal sealed class AkkaLoggerFactory(ActorSystem system) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new AkkaLogger(Logging.GetLogger(system, categoryName));

    public void AddProvider(ILoggerProvider provider)
    {
        // There is one destination, Akka's log.
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private sealed class AkkaLogger(ILoggingAdapter log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Level logLevel) => logLevel != Level.None && log.IsEnabled(LevelOf(logLevel));

        public void Log<TState>(Level logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Log(LevelOf(logLevel), exception!, "{0}", formatter(state, exception));
            }
        }

        private static AkkaLevel LevelOf(Level level) => level switch
        {
            Level.Trace or Level.Debug => AkkaLevel.DebugLevel,
            Level.Information => AkkaLevel.InfoLevel,
            Level.Warning => AkkaLevel.WarningLevel,
            _ => AkkaLevel.ErrorLevel,
        };
    }
}
