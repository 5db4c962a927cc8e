using AkkaDurable.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Management.Tests.Http;

/// <summary>The app's own authorization in place of a token.</summary>
public sealed class PolicyTests
{
    [Fact]
    public async Task The_apps_policy_permits_changes()
    {
        await using var store = new InMemoryStateStore();
        await using var node = await ManagedNode.StartAsync(
            store,
            "eu",
            configure: builder => builder.Services.AddAuthorization(options => options.AddPolicy("operators", policy => policy.RequireAssertion(context => ((HttpContext)context.Resource!).Request.Headers["Operator"] == "yes"))),
            map: app => app.MapAkkaDurable(options => options.AuthorizationPolicy = "operators"));
        using var http = new HttpClient { BaseAddress = node.Url };

        Assert.Equal(200, await PostAsync("log/level", isOperator: false));
        Assert.Equal(401, await PostAsync("log/set-level", isOperator: false));
        Assert.Equal(200, await PostAsync("log/set-level", isOperator: true));

        async Task<int> PostAsync(string path, bool isOperator)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/akka-durable/commands/{path}") { Content = new StringContent(path.EndsWith("set-level", StringComparison.Ordinal) ? """{"words":["info"]}""" : "{}", System.Text.Encoding.UTF8, "application/json") };
            if (isOperator)
            {
                request.Headers.Add("Operator", "yes");
            }

            using var response = await http.SendAsync(request);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task A_policy_without_authorization_in_the_app_is_told_at_once()
    {
        await using var store = new InMemoryStateStore();
        var wrong = await Assert.ThrowsAsync<DurableConfigurationException>(() => ManagedNode.StartAsync(store, "eu", map: app => app.MapAkkaDurable(options => options.AuthorizationPolicy = "operators")));

        Assert.Equal("DurableAdminOptions.AuthorizationPolicy", wrong.Option);
    }
}
