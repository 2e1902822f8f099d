using StreamSpace.Testing;

namespace StreamSpace.Trust.Tests;

/// <summary>One server for tests that get along beside each other: each uses people of its own.</summary>
public sealed class OneServer : IAsyncLifetime
{
    private TestApp? app;

    public TestApp App => app ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => app = await TestApp.StartAsync();

    public async Task DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SharedServer : ICollectionFixture<OneServer>
{
    public const string Name = "one server";
}
