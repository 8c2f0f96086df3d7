using System.Runtime.InteropServices;

namespace ModelDsl.Distributed.Mpi;

/// <summary>
/// The functions of an MPI library, found at run time. Handles are pointers to objects of the library in Open MPI, and integers in MPICH; both fit into a pointer. A request of MPICH is the lower half of one.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>Threads may call MPI, one at a time.</summary>
    private const int Serialized = 2;

    /// <summary>The environment variable with the path of a library.</summary>
    private const string PathVariable = "MODELDSL_MPI";

    // A rank with an exception may end all ranks while another thread is in a call: its exchange of gradients, or the signs of life of the root.
    private readonly Lock calls = new();
    private readonly nint handle;
    private readonly delegate* unmanaged<nint, nint, int, int*, int> initialize;
    private readonly delegate* unmanaged<nint, int*, int> commRank;
    private readonly delegate* unmanaged<nint, int*, int> commSize;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> send;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> receive;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, nint*, int> sum;
    private readonly delegate* unmanaged<nint*, int*, nint, int> test;
    private readonly delegate* unmanaged<nint, int, int> abort;
    private readonly delegate* unmanaged<int> finish;
    private readonly nint world;
    private readonly nint typeOfBytes;
    private readonly nint typeOfFloats;
    private readonly nint addition;
    private readonly nint inPlace;
    private readonly nint noStatus;

    private MpiLibrary(nint handle, string name)
    {
        (this.handle, Name) = (handle, name);
        initialize = (delegate* unmanaged<nint, nint, int, int*, int>)Function("MPI_Init_thread");
        commRank = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank");
        commSize = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size");
        send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Function("MPI_Isend");
        receive = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Function("MPI_Irecv");
        sum = (delegate* unmanaged<void*, void*, int, nint, nint, nint, nint*, int>)Function("MPI_Iallreduce");
        test = (delegate* unmanaged<nint*, int*, nint, int>)Function("MPI_Test");
        abort = (delegate* unmanaged<nint, int, int>)Function("MPI_Abort");
        finish = (delegate* unmanaged<int>)Function("MPI_Finalize");

        // Open MPI exports its objects; the numbers are those of the binary interface that MPICH keeps since version 3.1.
        (world, typeOfBytes, typeOfFloats, addition, inPlace, noStatus) = NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out var communicator)
            ? (communicator, Function("ompi_mpi_byte"), Function("ompi_mpi_float"), Function("ompi_mpi_op_sum"), (nint)1, (nint)0)
            : ((nint)0x44000000, (nint)0x4c00010d, (nint)0x4c00040a, (nint)0x58000003, (nint)(-1), (nint)1);
    }

    /// <summary>The name of the library.</summary>
    public string Name { get; }

    /// <summary>Whether different threads may call the library, one at a time.</summary>
    public bool AllowsThreads { get; private set; }

    /// <summary>Loads the library of a launcher.</summary>
    /// <param name="launcher">The launcher.</param>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static MpiLibrary Load(MpiLauncher launcher)
    {
        string[] names = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path ? [path] : Names(launcher.Kind);
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return new MpiLibrary(handle, name);
        }

        throw new DllNotFoundException(
            $"{launcher.Name} has started this process as one of {launcher.Ranks} ranks, but no MPI library was found; looked for {string.Join(", ", names)}. Install one: "
            + "'apt install openmpi-bin' or 'apt install mpich' on Debian and Ubuntu, 'brew install open-mpi' on macOS, MS-MPI on Windows; "
            + $"or set {PathVariable} to the path of the library that belongs to the launcher.");
    }

    /// <summary>Joins the group.</summary>
    public void Initialize()
    {
        int provided;
        Check(initialize(0, 0, Serialized, &provided), "MPI_Init_thread");
        AllowsThreads = provided >= Serialized;
    }

    /// <summary>Returns the number of this rank and of all ranks.</summary>
    public (int Rank, int Count) Ranks()
    {
        int rank, count;
        Check(commRank(world, &rank), "MPI_Comm_rank");
        Check(commSize(world, &count), "MPI_Comm_size");
        return (rank, count);
    }

    /// <summary>Begins to send bytes.</summary>
    public void Send(void* bytes, int count, int rank, nint* request)
    {
        lock (calls)
            Check(send(bytes, count, typeOfBytes, rank, 0, world, request), "MPI_Isend");
    }

    /// <summary>Begins to receive bytes.</summary>
    public void Receive(void* bytes, int count, int rank, nint* request)
    {
        lock (calls)
            Check(receive(bytes, count, typeOfBytes, rank, 0, world, request), "MPI_Irecv");
    }

    /// <summary>Begins to replace floats by their sum over all ranks.</summary>
    public void Sum(float* values, int count, nint* request)
    {
        lock (calls)
            Check(sum((void*)inPlace, values, count, typeOfFloats, addition, world, request), "MPI_Iallreduce");
    }

    /// <summary>Whether a request is complete. The library moves data only in this and in other calls.</summary>
    public bool Test(nint* request)
    {
        int isComplete;
        lock (calls)
            Check(test(request, &isComplete, noStatus), "MPI_Test");
        return isComplete != 0;
    }

    /// <summary>Ends all ranks.</summary>
    public void Abort()
    {
        lock (calls)
            abort(world, 1);
    }

    /// <summary>Leaves the group.</summary>
    public void Finish() => finish();

    private static string[] Names(MpiKind? kind) => kind switch
    {
        MpiKind.MsMpi => ["msmpi.dll"],
        MpiKind.Mpich => ["libmpich.so.12", "libmpi.so.12", "libmpich.so", "libmpi.12.dylib", "/opt/homebrew/lib/libmpi.12.dylib"],
        _ => ["libmpi.so.40", "libmpi.so", "libmpi.40.dylib", "/opt/homebrew/lib/libmpi.40.dylib", "/usr/local/lib/libmpi.40.dylib"],
    };

    private static void Check(int code, string function)
    {
        if (code != 0)
            throw new CollectiveException($"{function} failed with the error {code}.");
    }

    private nint Function(string name) => NativeLibrary.TryGetExport(handle, name, out var address) ? address
        : throw new DllNotFoundException($"'{Name}' has no {name}: it is not an MPI library, or one of a version before 3.0. Set {PathVariable} to the path of another.");
}
