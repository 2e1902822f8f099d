using Microsoft.Playwright;
using StreamSpace.Client;
using StreamSpace.EndToEnd.Tests.Harness;
using StreamSpace.Tests.Shared;

namespace StreamSpace.EndToEnd.Tests.Journeys;

/// <summary>Somebody types a fork bomb: it is contained, told, and nothing is lost.</summary>
public sealed class ForkBombTests(Chromium chromium) : IClassFixture<Chromium>
{
    [RequiresFact("chromium", "local")]
    public Task A_fork_bomb_on_this_machine_is_contained_and_told() => BombAsync("local");

    [RequiresFact("chromium", "docker")]
    public Task A_fork_bomb_in_a_container_is_contained_and_told() => BombAsync("docker");

    private async Task BombAsync(string runtime)
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Runtime = runtime, Environment = new() { ["Sessions__SampleEvery"] = "00:00:01" } });
        var page = await chromium.LogInAsync(server.Address, ServerProcess.AdminName, ServerProcess.Password);
        var witness = new Witness(page);
        try
        {
            var (session, desktop) = await page.LaunchTerminalAsync(runtime);
            await desktop.ClickAsync();
            await desktop.TypeAsync("echo kept > work");
            Assert.Equal("kept\n", await HomeFiles.ReadAsync(server, runtime, session, "work"));

            await desktop.TypeAsync("b() { b & b; }; b");

            // Whoever looks at it is told what it is and what to do; the server works on as if nothing were.
            await page.GetByText("as many processes as it may have").First.WaitForAsync(new LocatorWaitForOptions { Timeout = 30_000 });
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Checkout.Artifacts, $"fork-bomb-{runtime}.png") });
            using var client = await server.LogInAsync();
            Assert.Equal(Phases.Running, (await client.Sessions.GetAsync(session, CancellationToken.None)).Phase);

            await client.Sessions.HibernateAsync(session, CancellationToken.None);
            await client.UntilAsync(session, [Phases.Hibernated], _ => { }, CancellationToken.None);
            await client.Sessions.WakeAsync(session, CancellationToken.None);
            Assert.Equal(Phases.Running, (await client.UntilAsync(session, [Phases.Running], _ => { }, CancellationToken.None)).Phase);
            Assert.Equal("kept\n", await HomeFiles.ReadAsync(server, runtime, session, "work"));
        }
        catch (Exception)
        {
            await witness.TestifyAsync($"failed-fork-bomb-{runtime}");
            throw;
        }
        finally
        {
            await page.Context.CloseAsync();
        }
    }
}
