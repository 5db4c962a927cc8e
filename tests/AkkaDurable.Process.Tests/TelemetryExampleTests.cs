using System.Net;
using System.Text;
using ChangeStats.Cluster;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>The example with OpenTelemetry, as its users run it: what it shows, and what a collector gets.</summary>
public sealed class TelemetryExampleTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task It_shows_one_trace_over_two_nodes_and_the_metrics_and_tells_a_collector()
    {
        using var collector = new HttpListener();
        var address = $"http://127.0.0.1:{Regions.FreePorts.Take(1)[0]}/";
        collector.Prefixes.Add(address);
        collector.Start();
        var got = new HashSet<string>();
        var collecting = CollectAsync(collector, got);

        var start = ThisProgram.Other(typeof(TelemetryExample.Cart).Assembly);
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = address;
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        using var process = System.Diagnostics.Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            process.Kill();
            output.WriteLine(await text);
            output.WriteLine(await errors);
        }

        collector.Stop();
        await collecting;
        Assert.Equal(0, process.ExitCode);
        Assert.Matches(@"(?m)^checkout +internal +\d", await text);
        Assert.Matches(@"(?m)^    cart/Order +server +8161 ", await text);
        Assert.Matches(@"(?m)^        stock/Take +server +8162 ", await text);
        Assert.Matches(@"(?m)^          save stock +internal +8162 ", await text);
        Assert.Matches(@"(?m)^        process stock +consumer +8162 ", await text);
        Assert.Matches(@"(?m)^akka_durable\.server\.active +2 \{server\} +type=cart", await text);
        Assert.Superset(new HashSet<string> { "/v1/traces", "/v1/metrics" }, got);
    }

    private static async Task CollectAsync(HttpListener collector, HashSet<string> got)
    {
        while (collector.IsListening)
        {
            try
            {
                var request = await collector.GetContextAsync();
                using var body = new MemoryStream();
                await request.Request.InputStream.CopyToAsync(body);
                if (Encoding.Latin1.GetString(body.ToArray()).Contains("AkkaDurable", StringComparison.Ordinal))
                {
                    got.Add(request.Request.Url!.AbsolutePath);
                }

                request.Response.Close();
            }
            catch (HttpListenerException)
            {
                // Stopped.
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }
}
