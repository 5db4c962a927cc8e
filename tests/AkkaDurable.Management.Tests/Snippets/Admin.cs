using System.Runtime.CompilerServices;
using Akka.Hosting;
using Microsoft.AspNetCore.Builder;

namespace AkkaDurable.Management.Tests.Snippets;

/// <summary>The code of the package's README.</summary>
internal static class Admin
{
    public static void Map(WebApplication app)
    {
        #region map
        app.MapAkkaDurable(options => options.Token = app.Configuration["AdminToken"]);
        #endregion
    }

    public static void Listen(AkkaConfigurationBuilder akka)
    {
        #region listen
        akka.WithDurableAdmin(port: 9110);                     // http://127.0.0.1:9110/akka-durable
        akka.WithDurableAdmin("/run/shop/admin.sock");         // or a Unix socket that only this user may use
        #endregion
    }

    #region palette
    private static readonly CommandPalette Shop = new(
        "shop",
        "The shop.",
        new CommandDefinition("prices", "Shows prices.", Prices)
        {
            Arguments = [new("currency", "The currency.", "-c") { Type = CommandValueType.Choice, Choices = ["EUR", "USD"], Defaults = ["EUR"] }],
            Examples = ["", "-c USD"],
        });

    private static async IAsyncEnumerable<CommandOutput> Prices(CommandContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return CommandOutput.RowOf("price", ("article", "book"), ("price", 12.5), ("currency", context.Arguments.Text("currency")));
    }
    #endregion

    public static void Add(WebApplication app) => app.MapAkkaDurable(options => options.Palettes.Add(Shop));
}
