using Akka.Actor;
using Akka.Hosting;
using AkkaDurable.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SupervisionTreeExample;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();

#region host
builder.Services.AddAkka("shop", akka => akka
    .AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF }", HoconAddMode.Prepend)    // the story is told on the console
    .WithSupervisionTree(Shop.Tree()));
#endregion

using var host = builder.Build();
Say("The tree starts, each child when the one before it has started:");
await host.StartAsync();
var system = host.Services.GetRequiredService<ActorSystem>();
var tree = SupervisionTree.Find(system, "shop")!;
Console.WriteLine($"\n{tree}");

Say("The price feed fails. What stands behind it is stopped and all three are started again; the database is left alone:");
await FailsAsync("prices", nameof(PriceFeed));

Say("The closing sale ends normally. It is transient, so that was that:");
var sale = tree.Child("prices", nameof(ClosingSale))!;
var saleEnds = sale.WatchAsync();
sale.Tell("done");
await saleEnds;

Say("A cart is started at run time, and terminated:");
var cart = (await tree.Dynamic("carts").StartChildAsync(ChildSpec.Worker<Cart>() with { Restart = Restart.Temporary })).OrThrow();
await tree.Dynamic("carts").TerminateChildAsync(cart.Child!);

Say("Letters are written by tasks, two at a time:");
await foreach (var letter in tree.Tasks("letters").StreamAsync(["Ann", "Bob", "Cleo"], WriteAsync, new TaskStreamOptions { MaxConcurrency = 2 }))
{
    Console.WriteLine($"    {letter.Input}: {letter.Value ?? letter.Failure!.ToString()}");
}

Say("The tree, live:");
Console.WriteLine(await tree.SnapshotAsync());

Say("The feed fails three times more. That makes 4 in 5 s, which is one too many: its supervisor gives up, and is started again by the one above:");
for (var i = 0; i < 3; i++)
{
    await FailsAsync("prices", nameof(PriceFeed));
}

Say("The host stops, and the tree in reverse order:");
await host.StopAsync();

// Lets a child fail, and waits until the last one of its group runs again.
async Task FailsAsync(string group, string id)
{
    string[] last = [group, nameof(ClosingSale)];
    var before = tree.Child(last);
    tree.Child(group, id)!.Tell("fail");
    await tree.WhenRunningAsync(last, after: before);
}

static async Task<string> WriteAsync(string name, CancellationToken stop)
{
    await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
    return name == "Bob" ? throw new InvalidOperationException("address unknown") : $"Dear {name}, thank you.";
}

static void Say(string what) => Console.WriteLine($"\n{what}");
