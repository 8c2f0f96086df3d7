using System.Reflection;

namespace ModelDsl.Ilgpu.Kernels;

/// <summary>Finds the methods that calls with the prefix <c>constrained.</c> reach (ECMA-335, III.2.1): calls of an interface's methods on a type parameter.</summary>
internal static class Implementations
{
    private const BindingFlags Instances = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Returns the method of a type that a call reaches; the called method itself if the type does not have its own.</summary>
    /// <param name="type">The type that the prefix names.</param>
    /// <param name="called">The method that the call names.</param>
    public static MethodBase Of(Type type, MethodBase called)
    {
        if (called is not MethodInfo method || method.DeclaringType is not { } declaring || type.IsInterface)
            return called;
        if (!declaring.IsInterface)
            return type.GetMethods(Instances).FirstOrDefault(own => own.IsVirtual && own.GetBaseDefinition() == method.GetBaseDefinition()) ?? method;
        var definition = method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;
        var map = type.GetInterfaceMap(declaring);
        var index = Array.IndexOf(map.InterfaceMethods, definition);
        if (index < 0 || map.TargetMethods[index] is not { } found)
            return method;
        return found.IsGenericMethodDefinition ? found.MakeGenericMethod(method.GetGenericArguments()) : found;
    }
}
