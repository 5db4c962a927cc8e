using System.Net;
using System.Net.Sockets;
using Akka;
using Akka.Actor;
using Akka.DependencyInjection;
using AkkaDurable.Management.Internal.Relay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>The admin API on a listener of its own.</summary>
internal static partial class AdminListener
{
    public static Task StartAsync(ActorSystem system, DurableAdminOptions options, int port) => StartAsync(system, options, kestrel => kestrel.Listen(IPAddress.Loopback, port));

    public static async Task StartAsync(ActorSystem system, DurableAdminOptions options, string socketPath)
    {
        RemoveStale(socketPath);
        await StartAsync(system, options, kestrel => kestrel.ListenUnixSocket(socketPath)).ConfigureAwait(false);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static async Task StartAsync(ActorSystem system, DurableAdminOptions options, Action<KestrelServerOptions> listen)
    {
        var services = DependencyResolver.For(system).Resolver.GetService<IServiceProvider>();

        // Empty, so that what the environment says to web apps is not taken for ours.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 256;
            listen(kestrel);
        });
        builder.Services.AddRoutingCore();

        // The app's own host hears the signals, and says so.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        if (services.GetService<ILoggerFactory>() is { } loggers)
        {
            builder.Services.AddSingleton(loggers);
        }

        var app = builder.Build();
        AdminApi.Map(app, options, "/akka-durable", () => system, services);
        AdminRelay.Start(system, services);
        await app.StartAsync().ConfigureAwait(false);
        LogListening(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AkkaDurable.Admin"), string.Join(", ", app.Urls));

        // The first phase is the app's own: commands such as "leave" are to be answered before the door closes.
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "akka-durable-admin", async () =>
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await app.StopAsync(patience.Token).ConfigureAwait(false);
            return Done.Instance;
        });
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    // After a kill -9 the file is still there, and would keep the port.
    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
    }

    [LoggerMessage(7003, LogLevel.Information, "The admin API listens on {Urls}.")]
    private static partial void LogListening(ILogger logger, string urls);
}
