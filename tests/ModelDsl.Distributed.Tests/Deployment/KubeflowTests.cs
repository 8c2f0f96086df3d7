using System.Runtime.CompilerServices;

namespace ModelDsl.Distributed.Tests.Deployment;

/// <summary>The files for Kubeflow have the fields of <c>trainer.kubeflow.org/v1alpha1</c>, JobSet and Kubernetes, with values of their types.</summary>
public sealed class KubeflowTests
{
    private const string Pod = "spec.template.spec.replicatedJobs[].template.spec.template.spec";
    private const string Job = "spec.template.spec.replicatedJobs[]";

    private static readonly Dictionary<string, Type> OfAll = new()
    {
        ["apiVersion"] = typeof(string),
        ["kind"] = typeof(string),
        ["metadata.name"] = typeof(string),
    };

    private static readonly Dictionary<string, Type> OfRuntime = new(OfAll)
    {
        ["metadata.labels.trainer.kubeflow.org/framework"] = typeof(string),
        ["spec.mlPolicy.numNodes"] = typeof(int),
        ["spec.mlPolicy.mpi.mpiImplementation"] = typeof(string),
        ["spec.mlPolicy.mpi.numProcPerNode"] = typeof(int),
        ["spec.mlPolicy.mpi.sshAuthMountPath"] = typeof(string),
        ["spec.mlPolicy.mpi.runLauncherAsNode"] = typeof(bool),
        ["spec.template.spec.network.publishNotReadyAddresses"] = typeof(bool),
        ["spec.template.spec.successPolicy.operator"] = typeof(string),
        ["spec.template.spec.successPolicy.targetReplicatedJobs[]"] = typeof(string),
        [$"{Job}.name"] = typeof(string),
        [$"{Job}.dependsOn[].name"] = typeof(string),
        [$"{Job}.dependsOn[].status"] = typeof(string),
        [$"{Job}.template.metadata.labels.trainer.kubeflow.org/trainjob-ancestor-step"] = typeof(string),
        [$"{Job}.template.spec.backoffLimit"] = typeof(int),
        [$"{Pod}.restartPolicy"] = typeof(string),
        [$"{Pod}.containers[].name"] = typeof(string),
        [$"{Pod}.containers[].image"] = typeof(string),
        [$"{Pod}.containers[].command[]"] = typeof(string),
        [$"{Pod}.containers[].readinessProbe.tcpSocket.port"] = typeof(int),
        [$"{Pod}.containers[].securityContext.runAsUser"] = typeof(int),
    };

    private static readonly Dictionary<string, Type> OfJob = new(OfAll)
    {
        ["spec.runtimeRef.apiGroup"] = typeof(string),
        ["spec.runtimeRef.kind"] = typeof(string),
        ["spec.runtimeRef.name"] = typeof(string),
        ["spec.trainer.image"] = typeof(string),
        ["spec.trainer.numNodes"] = typeof(int),
        ["spec.trainer.numProcPerNode"] = typeof(int),
        ["spec.trainer.command[]"] = typeof(string),
        ["spec.trainer.args[]"] = typeof(string),
        ["spec.trainer.resourcesPerNode.requests.cpu"] = typeof(string),
        ["spec.trainer.resourcesPerNode.requests.memory"] = typeof(string),
    };

    [Fact]
    public void The_runtime_has_known_fields_of_the_right_types()
    {
        var runtime = Read("runtime.yaml");
        AssertFields(OfRuntime, runtime);
        Assert.Equal("trainer.kubeflow.org/v1alpha1", Of(runtime, "apiVersion"));
        Assert.Equal("TrainingRuntime", Of(runtime, "kind"));
        Assert.Equal("OpenMPI", Of(runtime, "spec.mlPolicy.mpi.mpiImplementation"));
    }

    [Fact]
    public void The_job_has_known_fields_of_the_right_types_and_names_the_runtime()
    {
        var (job, runtime) = (Read("job.yaml"), Read("runtime.yaml"));
        AssertFields(OfJob, job);
        Assert.Equal("trainer.kubeflow.org/v1alpha1", Of(job, "apiVersion"));
        Assert.Equal("TrainJob", Of(job, "kind"));
        Assert.Equal(Of(runtime, "metadata.name"), Of(job, "spec.runtimeRef.name"));
        Assert.Equal(Of(runtime, "kind"), Of(job, "spec.runtimeRef.kind"));

        // mpirun starts as many ranks as there are places.
        var ranks = (int)Of(job, "spec.trainer.numNodes") * (int)Of(job, "spec.trainer.numProcPerNode");
        Assert.Contains(job, value => value.Path == "spec.trainer.command[]" && value.Value.Equals($"{ranks}"));
    }

    [Theory]
    [InlineData("spec:\n  runtimeRef:\n    nam: x\n", "spec.runtimeRef.nam")]
    [InlineData("spec:\n  trainer:\n    numNodes: \"2\"\n", "spec.trainer.numNodes")]
    public void A_wrong_field_or_type_would_be_found(string text, string path)
    {
        var failure = Record.Exception(() => AssertFields(OfJob, Yaml.Read(text)));
        Assert.NotNull(failure);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    private static void AssertFields(Dictionary<string, Type> known, List<(string Path, object Value)> values)
    {
        foreach (var (path, value) in values)
        {
            Assert.True(known.TryGetValue(path, out var type), $"{path} is no field.");
            Assert.True(value.GetType() == type, $"{path} is {value}, a {value.GetType().Name}, and not a {type.Name}.");
        }
    }

    private static object Of(List<(string Path, object Value)> values, string path) => Assert.Single(values, value => value.Path == path).Value;

    private static List<(string Path, object Value)> Read(string name, [CallerFilePath] string here = "") =>
        Yaml.Read(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../deploy/kubeflow", name)));
}
