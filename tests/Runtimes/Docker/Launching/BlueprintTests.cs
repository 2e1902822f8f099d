using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using StreamSpace.Contracts;
using StreamSpace.Contracts.Runtimes;
using StreamSpace.Runtimes.Docker.Launching;

namespace StreamSpace.Runtimes.Docker.Tests.Launching;

public sealed class BlueprintTests
{
    private static readonly LaunchSpec Spec = new(
        SessionId.New(), "my-desktop", UserId.New(), "ada-12345678",
        new("terminal", "streamspace/terminal:1", "terminal", [], [], ["xterm"], Panel: true),
        new(1500, 1L << 30, 1L << 30, 300),
        new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "b", ["STREAMSPACE_VNC_PASSWORD_FILE"] = "/etc/passwd" },
        1280, 800, PersistentHome: true, "verysecret");

    [Fact]
    public void The_password_stands_in_no_field_of_the_container()
    {
        var json = JsonSerializer.Serialize(Blueprint.Container(Spec, "here", "streamspace", false, null), StreamSpace.Runtimes.Docker.Engine.EngineJson.Default.ContainerWish);
        Assert.DoesNotContain("verysecret", json, StringComparison.Ordinal);
        Assert.Contains("STREAMSPACE_VNC_PASSWORD_FILE=/run/streamspace/vnc-password", json, StringComparison.Ordinal);
    }

    [Fact]
    public void The_password_file_belongs_to_the_sessions_user_alone()
    {
        using var packed = new MemoryStream(Blueprint.Secret("verysecret"));
        using var tar = new TarReader(packed);
        var folder = tar.GetNextEntry()!;
        var file = tar.GetNextEntry()!;
        Assert.Equal(("run/streamspace/", 1000, (UnixFileMode)0b111_000_000), (folder.Name, folder.Uid, folder.Mode));
        Assert.Equal(("run/streamspace/vnc-password", 1000, (UnixFileMode)0b100_000_000), (file.Name, file.Uid, file.Mode));
        Assert.Equal("verysecret", new StreamReader(file.DataStream!).ReadToEnd());
    }

    [Fact]
    public void Nothing_of_a_launch_can_rename_what_the_runtime_says()
    {
        var environment = Blueprint.Container(Spec, "here", "streamspace", false, null).Env;
        Assert.Contains("A=b", environment);
        Assert.DoesNotContain("STREAMSPACE_VNC_PASSWORD_FILE=/etc/passwd", environment);
        Assert.Contains("STREAMSPACE_GEOMETRY=1280x800", environment);
        Assert.Contains("STREAMSPACE_PANEL=1", environment);
        Assert.Contains("STREAMSPACE_OPENGL=1", environment);
    }

    [Fact]
    public void Rights_and_limits_are_there()
    {
        var wish = Blueprint.Container(Spec, "here", "streamspace", false, null);
        var host = wish.HostConfig;
        Assert.Equal(("1000:1000", true), (wish.User, host.Init));
        Assert.Equal(["ALL"], host.CapDrop);
        Assert.Equal(["no-new-privileges:true"], host.SecurityOpt);
        Assert.Equal((1L << 30, 1L << 30, 150_000L, 300L), (host.Memory, host.MemorySwap, host.CpuQuota, host.PidsLimit));
        Assert.Null(host.PortBindings);
        Assert.Equal("streamspace-home-here-ada-12345678", host.Mounts![0].Source);
    }

    [Fact]
    public void A_home_of_its_own_is_labelled_with_the_session_a_personal_one_is_not()
    {
        var own = Blueprint.Container(Spec with { PersistentHome = false }, "here", "streamspace", false, null).HostConfig.Mounts![0];
        Assert.Contains(Names.Session, own.VolumeOptions!.Labels.Keys);
        Assert.DoesNotContain(Names.Session, Blueprint.Container(Spec, "here", "streamspace", false, null).HostConfig.Mounts![0].VolumeOptions!.Labels.Keys);
    }

    [Fact]
    public void A_port_is_published_only_where_it_must_be()
    {
        var far = Blueprint.Container(Spec, "here", "streamspace", false, "0.0.0.0");
        Assert.Equal("0.0.0.0", far.HostConfig.PortBindings!["5900/tcp"][0].HostIp);
        Assert.Null(Blueprint.Container(Spec with { Network = false }, "here", "streamspace", false, "0.0.0.0").HostConfig.PortBindings);
        Assert.Equal("none", Blueprint.Container(Spec with { Network = false }, "here", "streamspace", false, null).HostConfig.NetworkMode);
    }

    [Fact]
    public void Only_images_that_ask_get_user_namespaces()
    {
        var browser = Blueprint.Container(Spec, "here", "streamspace", userNamespaces: true, null).HostConfig.SecurityOpt;
        Assert.Contains(browser, option => option.StartsWith("seccomp={", StringComparison.Ordinal) && option.Contains("\"mount\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bare_desktop_leaves_the_images_own_program() =>
        Assert.Null(Blueprint.Container(Spec with { Application = Spec.Application with { Command = [] } }, "here", "streamspace", false, null).Cmd);

    [Fact]
    public void The_secret_is_utf8() => Assert.Contains("pässword", Encoding.UTF8.GetString(Blueprint.Secret("pässword")), StringComparison.Ordinal);
}
