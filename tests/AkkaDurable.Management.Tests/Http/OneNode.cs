using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AkkaDurable.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Tests.Http;

/// <summary>A node with the admin API mapped several times: with a token, read-only, for one viewer, and open to other machines.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class OneNode : IAsyncLifetime
{
    public const string Token = "correct-horse-battery";

    private readonly InMemoryStateStore _store = new();

    internal AuditLog Audit { get; } = new();

    internal ManagedNode Node { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;


    public async Task InitializeAsync()
    {
        Node = await ManagedNode.StartAsync(
            _store,
            "eu",
            configure: builder => builder.Logging.AddProvider(Audit),
            map: app =>
            {
                app.MapAkkaDurable(options =>
                {
                    options.Token = Token;
                    options.MaxOpenStreams = 2;
                    options.MaxDuration = TimeSpan.FromSeconds(2);
                    options.Palettes.Add(Probe());
                });
                app.MapAkkaDurable(prefix: "/read-only");
                app.MapAkkaDurable(options => options.MaxViewers = 1, "/one-viewer");
                app.MapAkkaDurable(
                    options =>
                    {
                        options.Token = Token;
                        options.AllowRemote = true;
                    },
                    "/remote");
            });
        Http = new HttpClient { BaseAddress = Node.Url, Timeout = TimeSpan.FromSeconds(40) };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Node.DisposeAsync();
        await _store.DisposeAsync();
        Audit.Dispose();
    }

    internal async Task<(int Status, JsonElement Body)> PostAsync(string path, string? body = null, string? token = null, string prefix = "/akka-durable", Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{prefix}/commands/{path}");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        change?.Invoke(request);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private static CommandPalette Probe() => new(
        "probe",
        "For tests.",
        new CommandDefinition("hang", "Never ends.", Hang) { Effect = CommandEffect.Changes },
        new CommandDefinition("throw", "Fails.", Throw) { Effect = CommandEffect.Changes },
        new CommandDefinition("follow", "Tells one thing and goes on.", Follow) { Follows = true },
        new CommandDefinition("late", "Tells one thing, then fails.", Late));

    private static async IAsyncEnumerable<CommandOutput> Hang(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    private static async IAsyncEnumerable<CommandOutput> Throw(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        throw new InvalidTimeZoneException("a secret of the app");
#pragma warning disable CS0162 // Makes it an iterator.
        yield break;
#pragma warning restore CS0162
    }

    private static async IAsyncEnumerable<CommandOutput> Follow(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return CommandOutput.RowOf("event", ("what", "first"));
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static async IAsyncEnumerable<CommandOutput> Late(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(200, cancellationToken);
        yield return new CommandOutput.Partial("half of it");
        throw new CommandException(CommandErrorKind.Unavailable, "the rest is away");
    }
}
