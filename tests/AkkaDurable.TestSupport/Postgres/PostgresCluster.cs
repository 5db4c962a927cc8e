using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace AkkaDurable.TestSupport.Postgres;

/// <summary>
/// A PostgreSQL server of one's own: in a temporary folder, on a free port of loopback, as durable as a real one (fsync stays on), gone when disposed.
/// </summary>
/// <remarks>It needs PostgreSQL's server programs on the machine and nothing else; <see cref="PostgresBinaries.Unavailable"/> says what is missing.</remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private const int PortAttempts = 5;
    private static readonly TimeSpan LeftoverPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeftoverPause = TimeSpan.FromMilliseconds(200);

    private readonly PostgresBinaries _binaries = PostgresBinaries.Local;
    private readonly string _root = Path.Combine(Path.GetTempPath(), "akka-durable-pg-" + Path.GetRandomFileName()[..8]);

    private PostgresCluster() => AppDomain.CurrentDomain.ProcessExit += OnProcessExit;

    /// <summary>The port on 127.0.0.1; it stays the same when the server is started again.</summary>
    public int Port { get; private set; }

    /// <summary>The password of the user <c>postgres</c>, which connections by TCP must name.</summary>
    public string Password { get; } = RandomNumberGenerator.GetHexString(24);

    /// <summary>The process id of the running server.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string DataFolder => Path.Combine(_root, "data");

    private string SocketFolder => _root;

    private string LogFile => Path.Combine(_root, "log");

    /// <summary>Makes a cluster and starts its server.</summary>
    public static async Task<PostgresCluster> StartNewAsync()
    {
        var cluster = new PostgresCluster();
        try
        {
            await cluster.InitializeAsync();
            await cluster.StartOnFreePortAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string in Npgsql's form.</summary>
    public string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username={Superuser};Password={Password}");

    /// <summary>Creates a database.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="arguments">Further arguments of <c>createdb</c>.</param>
    public Task CreateDatabaseAsync(string database, params string[] arguments) => _binaries.RunAsync("createdb", [.. Server, .. arguments, database]);

    /// <summary>Runs an SQL script.</summary>
    public Task RunSqlAsync(string database, string script) =>
        _binaries.RunAsync("psql", [.. Server, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname=" + database, "--command=" + script]);

    /// <summary>Starts the server and waits until it takes connections.</summary>
    public Task StartAsync() => _binaries.RunAsync("pg_ctl", "start", "--pgdata=" + DataFolder, "--log=" + LogFile, "--wait", "--timeout=60", "--silent");

    /// <summary>Stops the server in order; connections are cut.</summary>
    public Task StopAsync() => _binaries.RunAsync("pg_ctl", "stop", "--pgdata=" + DataFolder, "--mode=fast", "--wait", "--timeout=60", "--silent");

    /// <summary>Kills the server and all its processes at once, as a power failure would.</summary>
    public async Task KillAsync()
    {
        using var server = Process.GetProcessById(ProcessId);
        server.Kill(entireProcessTree: true);
        await server.WaitForExitAsync();
    }

    /// <summary>
    /// Kills the server's first process and no other, as the system does when memory runs out. The others find out and end by themselves, at the latest when the statement that they are at has ended.
    /// </summary>
    public async Task KillPostmasterAsync()
    {
        using var server = Process.GetProcessById(ProcessId);
        server.Kill();
        await server.WaitForExitAsync();
    }

    /// <summary>Starts the server again after it was killed: the same folder and port, with what was committed. Waits until it takes connections.</summary>
    public async Task RestartAsync()
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        using var timer = new PeriodicTimer(LeftoverPause, clock);
        while (true)
        {
            try
            {
                await StartAsync();
                return;
            }
            catch (InvalidOperationException) when (clock.GetElapsedTime(start) < LeftoverPatience)
            {
                // A process of the killed server is still there; while it holds the shared memory a new one refuses to start.
                await timer.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Stops the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (await IsRunningAsync())
        {
            await _binaries.RunAsync("pg_ctl", "stop", "--pgdata=" + DataFolder, "--mode=immediate", "--wait", "--timeout=60", "--silent");
        }

        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private string[] Server => ["--host=" + SocketFolder, "--port=" + Port.ToString(CultureInfo.InvariantCulture), "--username=" + Superuser];

    private async Task InitializeAsync()
    {
        Directory.CreateDirectory(_root);
        var passwordFile = Path.Combine(_root, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        await _binaries.OwnAsync(_root);
        await _binaries.RunAsync(
            "initdb",
            "--pgdata=" + DataFolder,
            "--username=" + Superuser,
            "--pwfile=" + passwordFile,
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync");
        File.Delete(passwordFile);
    }

    private async Task StartOnFreePortAsync()
    {
        var defaults = await File.ReadAllTextAsync(ConfigurationFile);
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            await File.WriteAllTextAsync(
                ConfigurationFile,
                defaults + string.Create(CultureInfo.InvariantCulture, $"\nport = {Port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{SocketFolder}'\nmax_connections = 200\n"));
            try
            {
                await StartAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < PortAttempts && !PortIsFree(Port))
            {
                // Somebody took the port between the look and the start.
            }
        }
    }

    private string ConfigurationFile => Path.Combine(DataFolder, "postgresql.conf");

    private async Task<bool> IsRunningAsync() => Directory.Exists(DataFolder) && (await _binaries.TryRunAsync("pg_ctl", "status", "--pgdata=" + DataFolder)).ExitCode == 0;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool PortIsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // The server is a process of its own and would outlive a run that ends without disposing.
    private void OnProcessExit(object? sender, EventArgs e) => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
