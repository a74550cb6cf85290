// SPDX-License-Identifier: Apache-2.0
package dev.warren.it;

import dev.warren.persistence.MongoCacheLoader;
import dev.warren.persistence.MongoCacheOptions;
import dev.warren.persistence.MongoCacheWriter;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.bson.Document;

/** The code in docs/persistence.md; {@link ReadThroughExampleTest} runs it. */
final class ReadThroughExample {
  private ReadThroughExample() {}

  record Product(String name, int cents) {}

  static Cache<String, Product> open(CacheManager manager, String uri) {
    // begin of the document's text
    // uri is such as "mongodb://user:password@host:27017/shop"
    var place =
        MongoCacheOptions.builder(uri, "products", String.class, Product.class)
            .documents( // readable documents; without this call: codec bytes
                product -> new Document("name", product.name()).append("cents", product.cents()),
                found -> new Product(found.getString("name"), found.getInteger("cents")))
            .build();
    var configuration =
        new MutableConfiguration<String, Product>()
            .setTypes(String.class, Product.class)
            .setReadThrough(true)
            .setCacheLoaderFactory(MongoCacheLoader.factory(place))
            .setWriteThrough(true)
            .setCacheWriterFactory(MongoCacheWriter.factory(place));
    Cache<String, Product> products = manager.createCache("products", configuration);
    // end of it
    return products;
  }
}
