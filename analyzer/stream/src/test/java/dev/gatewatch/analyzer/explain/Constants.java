package dev.gatewatch.analyzer.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Texts that compiled classes hold.
final class Constants {
    private Constants() {}

    /// The class files beside this class.
    static List<Path> classesBeside(Class<?> one) {
        try {
            Path folder = Path.of(
                            one.getResource(one.getSimpleName() + ".class").toURI())
                    .getParent();
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.toString().endsWith(".class")).toList();
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The texts that the methods of a class use.
    static Set<String> of(Path classFile) {
        try {
            ClassModel model = ClassFile.of().parse(classFile);
            Set<String> texts = new TreeSet<>();
            model.methods()
                    .forEach(method -> method.code()
                            .ifPresent(code -> code.forEach(element -> {
                                if (element instanceof ConstantInstruction constant
                                        && constant.constantValue() instanceof String text) {
                                    texts.add(text);
                                }
                            })));
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
