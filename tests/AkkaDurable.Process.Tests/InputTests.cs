using ChangeStats.Input;

namespace AkkaDurable.Process.Tests;

/// <summary>The input of the demo: what it counts by must be right before a cluster is measured by it.</summary>
public sealed class InputTests
{
    private const string Header = "date,path,added,removed\n";

    [Fact]
    public void Paths_may_hold_commas_quotes_and_line_breaks() =>
        Assert.Equal(
            [new ChangeEvent("src/a,b.cs", 1, 2), new ChangeEvent("say \"hi\".cs", 3, 0), new ChangeEvent("two\nlines.cs", 0, 4), new ChangeEvent("", 5, 6)],
            Parse(Header + "2018,\"src/a,b.cs\",1,2\r\n\n2018,\"say \"\"hi\"\".cs\",3,0\n2018,\"two\nlines.cs\",0,4\n2018,,5,6"));

    [Fact]
    public void Binary_files_are_left_out() =>
        Assert.Equal([new ChangeEvent("a.cs", 1, 0)], Parse(Header + "2018,logo.png,-,-\n2018,a.cs,1,0\n"));

    [Theory]
    [InlineData("", "line 1: the file is empty")]
    [InlineData("path,added\n", "line 1: the header is 'path,added', not 'date,path,added,removed'")]
    [InlineData(Header + "2018,a.cs,1\n", "line 2: 3 fields, not 4; a path with a comma must be quoted")]
    [InlineData(Header + "2018,a.cs,1,2\n2018,a,b.cs,1,2\n", "line 3: 5 fields, not 4; a path with a comma must be quoted")]
    [InlineData(Header + "2018,\"two\nlines\",1,2\n2018,a.cs,1,x\n", "line 4: removed is 'x', not a number of lines")]
    [InlineData(Header + "2018,a.cs,-1,2\n", "line 2: added is '-1', not a number of lines")]
    [InlineData(Header + "2018,\"a.cs,1,2\n", "line 2: a quoted field has no end")]
    public void Malformed_input_is_told_with_its_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => Parse(text)).Message);

    [Fact]
    public void A_git_log_is_read_with_merges_and_odd_names() =>
        Assert.Equal(
            [new ChangeEvent("a b.cs", 1, 0), new ChangeEvent("tab\there", 2, 3), new ChangeEvent("a b.cs", 0, 1)],
            GitHistory.Parse("\u0001\0\n1\t0\ta b.cs\0-\t-\tlogo.png\0\u0001\0\u0001\0\n2\t3\ttab\there\0\u0001\0\n0\t1\ta b.cs\0"));

    [Fact]
    public async Task The_history_of_a_repository_is_read_oldest_first()
    {
        var folder = Directory.CreateTempSubdirectory("process-tests-git-");
        try
        {
            await GitAsync(folder, "init --quiet");
            await CommitAsync(folder, "one, \"two\".txt", "1\n2\n");
            await CommitAsync(folder, "one, \"two\".txt", "1\n3\n4\n");
            await CommitAsync(folder, "größe.txt", "1\n");

            var found = await GitHistory.ReadAsync(folder.FullName, CancellationToken.None);

            Assert.Equal([new ChangeEvent("one, \"two\".txt", 2, 0), new ChangeEvent("one, \"two\".txt", 2, 1), new ChangeEvent("größe.txt", 1, 0)], found!.Value.Changes);
            Assert.Equal(folder.Name, Path.GetFileName(found.Value.Root));
        }
        finally
        {
            // Git's objects are read-only files.
            foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
            {
                file.Attributes = FileAttributes.Normal;
            }

            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_outside_any_repository_has_no_history()
    {
        var folder = Directory.CreateTempSubdirectory("process-tests-git-");
        Assert.Null(await GitHistory.ReadAsync(folder.FullName, CancellationToken.None));
        folder.Delete();
    }

    [Fact]
    public void A_short_history_is_counted_once_for_each_round()
    {
        var workload = Workload.Of("test", [new ChangeEvent("a", 1, 2), new ChangeEvent("b", 3, 0), new ChangeEvent("a", 4, 5)], rounds: 10);

        Assert.Equal(30, workload.EventCount);
        Assert.Equal(30, workload.Events.Count());
        Assert.Equal(new ChangeStats.StatsState(Changes: 20, Added: 50, Removed: 70), workload.Expected["a"]);
        Assert.Equal(new ChangeStats.StatsState(Changes: 10, Added: 30, Removed: 0), workload.Expected["b"]);
    }

    private static IReadOnlyList<ChangeEvent> Parse(string text) => ChangeFile.Parse(new StringReader(text));

    private static async Task CommitAsync(DirectoryInfo folder, string file, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), text);
        await GitAsync(folder, "add --all");
        await GitAsync(folder, "-c user.name=test -c user.email=test@localhost -c commit.gpgSign=false commit --quiet --message=test");
    }

    private static async Task GitAsync(DirectoryInfo folder, string arguments)
    {
        using var git = System.Diagnostics.Process.Start("git", ["-C", folder.FullName, .. arguments.Split(' ')]);
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
    }
}
