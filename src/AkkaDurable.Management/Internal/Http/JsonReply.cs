using Microsoft.AspNetCore.Http;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>The whole output at once, or the error: <c>{"palette": …, "verb": …, "partial": …, "output": […]}</c>.</summary>
internal sealed class JsonReply(HttpContext http, CommandCall call) : IReply
{
    public async Task RunAsync(IAsyncEnumerable<CommandOutput> output, CancellationToken cancellationToken)
    {
        var all = new List<CommandOutput>();
        await foreach (var item in output.ConfigureAwait(false))
        {
            all.Add(item);
        }

        await AdminApi.SendAsync(http, StatusCodes.Status200OK, "application/json", OutputJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("palette", call.Palette.Name);
            json.WriteString("verb", call.Command.Name);
            json.WriteBoolean("partial", all.Any(item => item is CommandOutput.Partial));
            json.WriteStartArray("output");
            foreach (var item in all)
            {
                OutputJson.Output(json, item);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        })).ConfigureAwait(false);
    }

    public Task FailAsync(Problem problem) =>
        http.Response.HasStarted ? Task.CompletedTask : AdminApi.SendAsync(http, problem.Status, "application/problem+json", OutputJson.Write(json => OutputJson.Problem(json, problem)));

    public Task CutAsync(Problem problem, bool isExpected) => FailAsync(problem);
}
