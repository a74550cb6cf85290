// SPDX-License-Identifier: Apache-2.0
package dev.warren.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Counts the tests of the JSR-107 TCK in the Surefire reports of one run. Surefire itself breaks
 * the build when one fails; this breaks it when one was skipped or did not run.
 *
 * @param run tests that ran, whether they passed or failed
 */
record TckCount(int run, int failed, int skipped) {

  /** Tests in {@code javax.cache:cache-tests:1.1.1} without those of the annotations. */
  static final int TCK_SIZE = 479;

  /** Tests of this module do not count. */
  private static final String OWN_PACKAGE = "dev.warren.";

  /**
   * Prints the count, and exits with 1 unless the whole TCK passed.
   *
   * @param args the folder of the reports
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: TckCount <folder of the reports>");
      System.exit(2);
    }
    TckCount count = ofReports(Path.of(args[0]));
    System.out.println(count.describe());
    if (!count.isWhole()) {
      System.exit(1);
    }
  }

  boolean isWhole() {
    return run == TCK_SIZE && failed == 0 && skipped == 0;
  }

  String describe() {
    String figures = "TCK: " + run + " run, " + failed + " failed, " + skipped + " skipped";
    return isWhole() ? figures : figures + "; all " + TCK_SIZE + " must run and pass";
  }

  static TckCount ofReports(Path folder) throws IOException {
    TckCount count = new TckCount(0, 0, 0);
    if (!Files.isDirectory(folder)) {
      return count;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> reports =
          files
              .filter(file -> String.valueOf(file.getFileName()).matches("TEST-.*\\.xml"))
              .toList();
      for (Path report : reports) {
        count = count.plus(report);
      }
    }
    return count;
  }

  private TckCount plus(Path report) throws IOException {
    int ran = run;
    int failures = failed;
    int left = skipped;
    NodeList tests = tests(report);
    for (int i = 0; i < tests.getLength(); i++) {
      Element test = (Element) tests.item(i);
      if (test.getAttribute("classname").startsWith(OWN_PACKAGE)) {
        continue;
      }
      if (has(test, "skipped")) {
        left++;
      } else {
        ran++;
        failures += has(test, "failure") || has(test, "error") ? 1 : 0;
      }
    }
    return new TckCount(ran, failures, left);
  }

  private static NodeList tests(Path report) throws IOException {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(report.toFile())
          .getElementsByTagName("testcase");
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(report + " is not a test report", e);
    }
  }

  private static boolean has(Element test, String tag) {
    return test.getElementsByTagName(tag).getLength() > 0;
  }
}
