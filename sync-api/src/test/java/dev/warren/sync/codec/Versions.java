// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/** Two versions of one class, compiled on the spot. */
final class Versions {

  private Versions() {}

  static String pojo(String fields) {
    StringBuilder body = new StringBuilder("public class V { ");
    for (String field : fields.split(", ", -1)) {
      body.append("public ").append(field).append("; ");
    }
    return body.append(
            "public V() {} public V(Object x, Object y) {"
                + " for (var f : V.class.getFields()) try {"
                + " f.set(this, f.getName().equals(\"a\") ? x : y); }"
                + " catch (ReflectiveOperationException e) { throw new Error(e); } } }")
        .toString();
  }

  static Object reencode(String one, String two, Object... arguments) throws Exception {
    byte[] bytes = encodeWith("one", one, "V", arguments);
    Path folder = compile(two, "V");
    try (URLClassLoader loader = loader(folder)) {
      return KryoValueCodec.of(loader, List.of(), loader.loadClass("V")).decode(bytes);
    }
  }

  static byte[] encodeWith(String what, String source, String name, Object... arguments)
      throws Exception {
    try (URLClassLoader loader = loader(compile(source, name))) {
      Class<?> type = loader.loadClass(name);
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == arguments.length) {
          constructor.setAccessible(true);
          return KryoValueCodec.of(loader, List.of(), type)
              .encode(constructor.newInstance(arguments));
        }
      }
    }
    throw new IllegalArgumentException(what);
  }

  private static URLClassLoader loader(Path folder) throws Exception {
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, Versions.class.getClassLoader());
  }

  private static Path compile(String source, String name) throws Exception {
    Path folder = Files.createTempDirectory("warren-versions");
    Path file = Files.writeString(folder.resolve(name + ".java"), source);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), file.toString());
    if (result != 0) {
      throw new IllegalArgumentException(source);
    }
    return folder;
  }
}
