// SPDX-License-Identifier: Apache-2.0
package dev.warren.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Judges a run of the JSR-107 TCK by its Surefire reports.
 *
 * <p>A run is as listed when exactly {@value #TCK_SIZE} tests of the TCK ran, none of them was
 * skipped, the failed ones are those of {@code known-failures.txt}, no more and no fewer, and no
 * test of this module failed. Anything else breaks the build, so the list can only be what is true:
 * a test that was repaired has to leave it.
 *
 * @param run tests of the TCK that ran, passed or failed
 * @param skipped names of TCK tests that were skipped
 * @param unlisted names of failed tests that are not in the list
 * @param passing names of listed tests that passed or did not run
 * @param failedAsListed failed tests that are in the list
 */
record TckVerdict(
    int run, Set<String> skipped, Set<String> unlisted, Set<String> passing, int failedAsListed) {

  /** Tests in {@code javax.cache:cache-tests:1.1.1} without those of the annotations. */
  static final int TCK_SIZE = 479;

  /**
   * Tests of this module; all others are of the TCK, in {@code org.jsr107.tck} and {@code
   * javax.cache}.
   */
  private static final String OWN_PACKAGE = "dev.warren.";

  /**
   * Prints the verdict and exits with 1 when the run was not as listed.
   *
   * @param args the folder of the reports, the list of known failures
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: TckVerdict <folder of the reports> <known-failures.txt>");
      System.exit(2);
    }
    TckVerdict verdict = judge(readReports(Path.of(args[0])), readList(Path.of(args[1])));
    System.out.println(verdict.describe());
    if (!verdict.isAsListed()) {
      System.exit(1);
    }
  }

  static TckVerdict judge(List<TestResult> results, Set<String> listed) {
    int run = 0;
    int failedAsListed = 0;
    Set<String> skipped = new TreeSet<>();
    Set<String> unlisted = new TreeSet<>();
    Set<String> passing = new TreeSet<>(listed);
    for (TestResult result : oncePerTest(results)) {
      boolean ofTck = !result.name().startsWith(OWN_PACKAGE);
      if (ofTck && result.outcome() != Outcome.SKIPPED) {
        run++;
      }
      switch (result.outcome()) {
        case PASSED -> {}
        case SKIPPED -> {
          if (ofTck) {
            skipped.add(result.name());
          }
        }
        case FAILED -> {
          passing.remove(result.name());
          if (listed.contains(result.name())) {
            failedAsListed++;
          } else {
            unlisted.add(result.name());
          }
        }
      }
    }
    return new TckVerdict(run, skipped, unlisted, passing, failedAsListed);
  }

  /** A test that fails in its body and again in its tear-down stands twice in the reports. */
  private static List<TestResult> oncePerTest(List<TestResult> results) {
    Map<String, TestResult> worst = new TreeMap<>();
    for (TestResult result : results) {
      worst.merge(
          result.name(),
          result,
          (one, other) -> one.outcome().compareTo(other.outcome()) >= 0 ? one : other);
    }
    return List.copyOf(worst.values());
  }

  boolean isAsListed() {
    return run == TCK_SIZE && skipped.isEmpty() && unlisted.isEmpty() && passing.isEmpty();
  }

  /** One line; when the run is not as listed, it names every reason and every test concerned. */
  String describe() {
    if (isAsListed()) {
      return "TCK: " + run + " run, " + failedAsListed + " failed as listed";
    }
    List<String> reasons = new ArrayList<>();
    if (run != TCK_SIZE) {
      reasons.add(run + " tests ran instead of " + TCK_SIZE);
    }
    addReason(reasons, unlisted, "failed and not in known-failures.txt");
    addReason(reasons, passing, "in known-failures.txt but not failing (remove the line)");
    addReason(reasons, skipped, "skipped");
    return "TCK: not as listed: " + String.join("; ", reasons);
  }

  private static void addReason(List<String> reasons, Set<String> names, String what) {
    if (!names.isEmpty()) {
      reasons.add(names.size() + " " + what + ": " + String.join(" ", names));
    }
  }

  /**
   * Lines {@code package.Class#method}; empty lines and those that start with {@code #} are not.
   */
  static Set<String> readList(Path file) throws IOException {
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(file)) {
      String name = line.strip();
      if (!name.isEmpty() && !name.startsWith("#") && !names.add(name)) {
        throw new IOException(file + " names " + name + " twice");
      }
    }
    return names;
  }

  static List<TestResult> readReports(Path folder) throws IOException {
    List<TestResult> results = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return results;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(TckVerdict::isReport).sorted().toList()) {
        results.addAll(readReport(file));
      }
    }
    return results;
  }

  private static boolean isReport(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith("TEST-") && name.endsWith(".xml");
  }

  private static List<TestResult> readReport(Path file) throws IOException {
    List<TestResult> results = new ArrayList<>();
    try {
      NodeList cases =
          DocumentBuilderFactory.newDefaultInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        Element test = (Element) cases.item(i);
        String name = test.getAttribute("classname") + "#" + test.getAttribute("name");
        results.add(new TestResult(name, outcomeOf(test)));
      }
      return results;
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(file + " is not a test report", e);
    }
  }

  private static Outcome outcomeOf(Element test) {
    if (test.getElementsByTagName("failure").getLength() > 0
        || test.getElementsByTagName("error").getLength() > 0) {
      return Outcome.FAILED;
    }
    return test.getElementsByTagName("skipped").getLength() > 0 ? Outcome.SKIPPED : Outcome.PASSED;
  }

  /** From best to worst. */
  enum Outcome {
    PASSED,
    SKIPPED,
    FAILED
  }

  /**
   * @param name {@code package.Class#method}
   */
  record TestResult(String name, Outcome outcome) {}
}
