using ModelDsl.Onnx.Importer;

return ImportCommand.Parse(args).Invoke();
