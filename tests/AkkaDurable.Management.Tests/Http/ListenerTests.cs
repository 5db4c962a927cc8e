using System.Net.Sockets;
using Akka.Hosting;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Tests.Http;

public sealed class ListenerTests
{
    [Fact]
    public async Task A_host_opens_a_port_of_its_own_and_closes_it_with_the_node()
    {
        using var audit = new AuditLog();
        await using var store = new InMemoryStateStore();
        var node = await ManagedNode.StartAsync(store, "eu", configure: builder => builder.Logging.AddProvider(audit), akka: akka => akka.WithDurableAdmin(0));
        using var http = new HttpClient();
        string url;
        await using (node)
        {
            var line = Assert.Single(audit.Lines, line => line.Id == 7003).Text;
            url = line[line.IndexOf("http", StringComparison.Ordinal)..].TrimEnd('.');
            Assert.StartsWith("http://127.0.0.1:", url, StringComparison.Ordinal);
            Assert.Contains("cluster-sharding", await http.GetStringAsync(new Uri($"{url}/akka-durable/commands")), StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(new Uri($"{url}/akka-durable/commands")));
    }

    [Fact]
    public async Task A_unix_socket_is_the_users_own_and_a_stale_one_is_replaced()
    {
        var folder = Directory.CreateTempSubdirectory("admin");
        var path = Path.Combine(folder.FullName, "s");
        try
        {
            using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                stale.Bind(new UnixDomainSocketEndPoint(path));
            }

            await using var store = new InMemoryStateStore();
            await using var node = await ManagedNode.StartAsync(store, "eu", akka: akka => akka.WithDurableAdmin(path));
            using var http = new HttpClient(new SocketsHttpHandler
            {
                ConnectCallback = async (_, token) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            });
            Assert.Contains("cluster-sharding", await http.GetStringAsync(new Uri("http://localhost/akka-durable/commands")), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static TheoryData<string, Action<DurableAdminOptions>> Wrong() => new()
    {
        { "Token", options => options.Token = "short" },
        { "Token", options => options.Token = "with a space in it, and long" },
        { "AllowRemote", options => options.AllowRemote = true },
        { "MaxBodyBytes", options => options.MaxBodyBytes = 0 },
        { "MaxOpenStreams", options => options.MaxOpenStreams = 0 },
        { "MaxViewers", options => options.MaxViewers = 0 },
        { "MaxDuration", options => options.MaxDuration = TimeSpan.Zero },
        { "AuthorizationPolicy", options => options.AuthorizationPolicy = "operators" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_option_is_told_before_anything_opens(string option, Action<DurableAdminOptions> configure)
    {
        await using var store = new InMemoryStateStore();
        var wrong = await Assert.ThrowsAsync<DurableConfigurationException>(() => ManagedNode.StartAsync(store, "eu", akka: akka => akka.WithDurableAdmin(0, configure)));

        Assert.Equal($"DurableAdminOptions.{option}", wrong.Option);
        Assert.DoesNotContain("short", wrong.Message, StringComparison.Ordinal);
    }
}
