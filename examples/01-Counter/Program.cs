using Akka.Hosting;
using AkkaDurable;
using CounterExample;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHealthChecks();

#region host
builder.Services.AddDurableServers();
builder.Services.AddAkka("shop", akka => akka
    .WithDurableCluster()                       // a cluster of one, until it is given seed nodes
    .WithDurableServer<Counter>("counter"));    // state: an SQLite file beside the app, until it is given a database

var app = builder.Build();

app.MapPost("/counters/{key}", (string key, IDurableServers<Counter> counters) => counters[key].CallAsync(new Increment()));
app.MapGet("/counters/{key}", (string key, IDurableServers<Counter> counters) => counters[key].CallAsync(new GetCount()));
#endregion

app.MapPost("/counters/{key}/reset", (string key, IDurableServers<Counter> counters) => counters[key].Cast(new Reset()));
app.MapDelete("/counters/{key}", (string key, IDurableServers<Counter> counters) => counters[key].DeleteAsync());
app.MapHealthChecks("/health");
app.MapGet("/pid", () => Environment.ProcessId);

app.Run();
