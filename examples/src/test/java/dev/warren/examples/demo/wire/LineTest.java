// SPDX-License-Identifier: Apache-2.0
package dev.warren.examples.demo.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LineTest {

  @Test
  void format_anyText_isOneLineThatParsesBack() {
    Line line =
        Line.of("put").with("key", "de/CHF").with("value", "a b=c\n100 % 瑞士法郎").with("n", 17);

    assertThat(line.format()).doesNotContain("\n").startsWith("put key=de%2FCHF value=");
    assertThat(Line.parse(line.format())).isEqualTo(line);
  }

  @Test
  void numbers_emptyAndSeveral_areRead() {
    assertThat(Line.parse(Line.of("ok").with("stamps", new long[0]).format()).numbers("stamps"))
        .isEmpty();
    assertThat(
            Line.parse(Line.of("ok").with("stamps", new long[] {1, -2}).format()).numbers("stamps"))
        .containsExactly(1, -2);
  }

  @Test
  void text_missingField_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Line.of("fill").text("edition"))
        .withMessage("'fill' needs a field 'edition'");
  }

  @Test
  void parse_notNameAndValue_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Line.parse("ok right"))
        .withMessageContaining("'right'");
    assertThatIllegalArgumentException().isThrownBy(() -> Line.parse(""));
  }
}
