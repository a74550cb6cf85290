// SPDX-License-Identifier: Apache-2.0
package dev.warren.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the documents say of the code, as far as a machine can tell whether it is true. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Pattern CODE = Pattern.compile("WRN-\\d{4}");
  private static final Pattern CODE_ROW = Pattern.compile("(?m)^\\| `(WRN-\\d{4})` \\|");
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]\n]*\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern TEST_NAME =
      Pattern.compile("\\b([A-Z]\\w*(?:Test|IT|Contract))\\.([a-z]\\w*_\\w+)");

  @Test
  void errorCodes_inCodeAndTable_areTheSame() throws IOException {
    TreeSet<String> inCode = new TreeSet<>();
    for (Path source : sources("main")) {
      matches(CODE, Files.readString(source)).forEach(match -> inCode.add(match.group()));
    }
    List<String> inTable =
        matches(CODE_ROW, Files.readString(ROOT.resolve("docs/errors.md")))
            .map(match -> match.group(1))
            .toList();
    assertThat(inCode)
        .as("a scan that finds fewer has looked in the wrong place")
        .hasSizeGreaterThan(20);
    assertThat(inTable)
        .as("rows of docs/errors.md: each code once, in order")
        .isEqualTo(List.copyOf(inCode));
  }

  @Test
  void links_toFiles_leadToOne() throws IOException {
    List<String> broken = new ArrayList<>();
    int seen = 0;
    for (Path document : documents()) {
      for (MatchResult link : matches(LINK, Files.readString(document)).toList()) {
        String target = link.group(1);
        if (!target.contains(":")) {
          seen++;
          Path file = target.isEmpty() ? document : document.resolveSibling(target);
          if (!Files.exists(file) || !hasHeading(file, link.group(2))) {
            broken.add(ROOT.relativize(document) + ": " + link.group());
          }
        }
      }
    }
    assertThat(seen).as("links that lead to files").isGreaterThan(10);
    assertThat(broken).as("links that lead nowhere").isEmpty();
  }

  /** The anchor of a heading is its text in small letters with hyphens for spaces. */
  private static boolean hasHeading(Path file, @Nullable String anchor) throws IOException {
    return anchor == null
        || matches(HEADING, Files.readString(file))
            .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
            .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
            .anyMatch(anchor::equals);
  }

  @Test
  void testNames_inDocuments_areThoseOfTests() throws IOException {
    Map<String, String> tests = new HashMap<>();
    List<Path> sources = new ArrayList<>(sources("test"));
    sources.addAll(sources("main"));
    for (Path source : sources) {
      String name = source.getFileName().toString().replace(".java", "");
      if (name.matches(".*(Test|IT|Contract)")) {
        tests.merge(name, Files.readString(source), String::concat);
      }
    }
    TreeSet<String> unknown = new TreeSet<>();
    int seen = 0;
    for (Path document : documents()) {
      for (MatchResult name : matches(TEST_NAME, Files.readString(document)).toList()) {
        seen++;
        if (!tests.getOrDefault(name.group(1), "").contains(" " + name.group(2) + "(")) {
          unknown.add(ROOT.relativize(document) + ": " + name.group());
        }
      }
    }
    assertThat(seen).as("names of tests in documents").isGreaterThan(10);
    assertThat(unknown).as("tests that documents name and nobody wrote").isEmpty();
  }

  @Test
  void examples_inDocuments_areThoseThatRun() throws IOException {
    assertThat(javaBlocks("README.md")).contains(example("ReadmeExample"));
    assertThat(javaBlocks("docs/persistence.md")).contains(example("ReadThroughExample"));
  }

  /** What stands between the marks in an example of this package, without its indentation. */
  private static String example(String name) throws IOException {
    Path source = ROOT.resolve("src-it/src/test/java/dev/warren/it/" + name + ".java");
    Matcher region =
        Pattern.compile("(?s)// begin of the document's text\n(.*?)\n *// end of it")
            .matcher(Files.readString(source));
    assertThat(region.find()).as("marks in %s", source).isTrue();
    return region.group(1).stripIndent().strip();
  }

  private static List<String> javaBlocks(String document) throws IOException {
    return matches(
            Pattern.compile("(?s)```java\n(.*?)```"), Files.readString(ROOT.resolve(document)))
        .map(match -> match.group(1).strip())
        .toList();
  }

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs).filter(path -> path.toString().endsWith(".md")).toList();
    }
  }

  /** The Java sources of all modules, {@code main} or {@code test}. */
  private static List<Path> sources(String kind) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path folder : modules.map(m -> m.resolve("src/" + kind + "/java")).toList()) {
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
          }
        }
      }
    }
    return found;
  }

  private static Stream<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }
}
