using ModelDsl.Onnx.Importer;

return ImportCommand.Create().Parse(args).Invoke();
