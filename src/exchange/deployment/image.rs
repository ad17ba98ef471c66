//! What an image is known for. Only the last word of its name counts: registries, versions and digests are passed over.

/// Images of databases, caches, queues and object stores, by the last part of their names. Derived ones often add a word,
/// as in `mongo-express`, and are something else then.
const STORES: &str = "\
    activemq arangodb cassandra clickhouse clickhouse-server cockroach consul couchbase couchdb cp-kafka \
    dynamodb-local elasticsearch etcd influxdb kafka keydb mariadb memcached meilisearch minio mongo mongodb \
    mssql-server mysql mysql-server nats neo4j opensearch pgvector postgis postgres postgresql pulsar qdrant \
    rabbitmq redis redis-stack redismod redpanda registry scylla server solr timescaledb typesense valkey vault \
    victoria-metrics weaviate zookeeper";

/// Whether an image is a database's, a cache's or a queue's.
pub fn holds_data(image: &str) -> bool {
    let name = image.split('@').next().unwrap_or(image);
    let last = name.rsplit('/').next().unwrap_or(name);
    let last = last.split(':').next().unwrap_or(last).to_ascii_lowercase();
    // `mssql/server` is the one image whose last word says nothing.
    if last == "server" {
        return name.contains("mssql/");
    }
    STORES.split(' ').any(|store| store == last)
}
