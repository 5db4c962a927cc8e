using Akka.Hosting;
using AkkaDurable;
using Microsoft.Extensions.Logging.Console;

namespace ChatRooms;

/// <summary>One node: the web app, and its share of the rooms.</summary>
public static class ChatNode
{
    public const string Cluster = "chat";

    /// <param name="options">What it needs to know.</param>
    public static WebApplication Build(NodeOptions options)
    {
        // Nothing of the command line is for ASP.NET Core.
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Http}");
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.ColorBehavior = LoggerColorBehavior.Disabled);

        #region host
        builder.Services.AddSingleton<RoomFeed>();
        builder.Services.AddDurableServers();
        builder.Services.AddAkka(Cluster, akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
                loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
            })
            .WithDurableCluster(cluster =>
            {
                cluster.Hostname = "127.0.0.1";
                cluster.Port = options.Port;
                cluster.SeedNodes = [.. options.Seeds.Select(seed => $"akka.tcp://{Cluster}@127.0.0.1:{seed}")];
            })
            .WithDurableSql($"Data Source={options.Database}")
            .WithDurableServer<Room>("room", Rooms));
        #endregion

        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(15) });
        app.MapChat();
        return app;
    }

    /// <summary>How rooms run.</summary>
    private static void Rooms(DurableServerOptions room) => room.CallTimeout = TimeSpan.FromSeconds(20);     // time enough to lose a node in
}
