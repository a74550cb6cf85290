// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Date;

/** The JDK's dates, those of {@code java.sql} with what makes them special. */
@SuppressWarnings("JavaUtilDate") // users cache them
final class DateSerializer extends Serializer<Date> {

  @Override
  public void write(Kryo kryo, Output output, Date date) {
    output.writeLong(date.getTime());
    if (date instanceof Timestamp timestamp) {
      output.writeInt(timestamp.getNanos());
    }
  }

  @Override
  public Date read(Kryo kryo, Input input, Class<? extends Date> type) {
    long time = input.readLong();
    if (type == java.sql.Date.class) {
      return new java.sql.Date(time);
    }
    if (type == Time.class) {
      return new Time(time);
    }
    if (type != Timestamp.class) {
      return new Date(time);
    }
    Timestamp timestamp = new Timestamp(time);
    timestamp.setNanos(input.readInt());
    return timestamp;
  }

  @Override
  public Date copy(Kryo kryo, Date original) {
    return (Date) original.clone();
  }
}
