// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync;

import java.util.regex.Pattern;

/** Keeps passwords in URIs out of messages and logs. */
public final class UriRedaction {

  /* Up to the last '@' of each URI: passwords are not always escaped. */
  private static final Pattern USER_INFO = Pattern.compile("://([^:/@\\s]*):((?:(?!://)\\S)*)@");

  /* Scheme or slashes forgotten: messages quote just such addresses. */
  private static final Pattern BARE_USER_INFO =
      Pattern.compile("(^|\\s|(?<!:)//)([^:/@\\s]*):(?!//)\\S*@");

  private static final Pattern PARAMETER =
      Pattern.compile("(?i)([?&](?:password|pwd|secret|token)=)[^&\\s]*");

  private UriRedaction() {}

  /** The text with the password of every URI in it replaced by {@code ***}. */
  public static String redact(String text) {
    String withoutUserInfo =
        BARE_USER_INFO
            .matcher(USER_INFO.matcher(text).replaceAll("://$1:***@"))
            .replaceAll("$1$2:***@");
    return PARAMETER.matcher(withoutUserInfo).replaceAll("$1***");
  }
}
