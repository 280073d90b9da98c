// What is a macro in OpenSSL's headers, as functions and constants: Swift imports no macro that takes arguments.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static const uint64_t kosgate_SSL_OPTIONS =
    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE;
static const unsigned long kosgate_RFC2253 = XN_FLAG_RFC2253;
static const uint64_t kosgate_OPENSSL_INIT = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT;

static inline int kosgate_SSL_CTX_set_versions(SSL_CTX *context, int least, int most) {
    return SSL_CTX_set_min_proto_version(context, least) && SSL_CTX_set_max_proto_version(context, most);
}

static inline int kosgate_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *names) {
    return (int)SSL_CTX_set1_groups_list(context, names);
}

static inline void kosgate_SSL_CTX_set_dh_auto(SSL_CTX *context) { SSL_CTX_set_dh_auto(context, 1); }
static inline void kosgate_SSL_CTX_release_buffers(SSL_CTX *context) { SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); }
static inline void kosgate_SSL_CTX_keep_no_sessions(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline int kosgate_SSL_CTX_add1_chain_cert(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int kosgate_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline int kosgate_ERR_GET_REASON(unsigned long code) { return ERR_GET_REASON(code); }
static inline size_t kosgate_BIO_pending(BIO *bio) { return BIO_ctrl_pending(bio); }

static inline size_t kosgate_BIO_get_mem_data(BIO *bio, const unsigned char **bytes) {
    char *data = NULL;
    long count = BIO_get_mem_data(bio, &data);
    *bytes = (const unsigned char *)data;
    return count > 0 ? (size_t)count : 0;
}

// The DNS name at this place among alternative names: its length, 0 for a name of another kind.
static inline size_t kosgate_dns_name(const GENERAL_NAMES *names, int index, const unsigned char **bytes) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name == NULL || name->type != GEN_DNS) return 0;
    *bytes = ASN1_STRING_get0_data(name->d.dNSName);
    int count = ASN1_STRING_length(name->d.dNSName);
    return count > 0 ? (size_t)count : 0;
}

static inline int kosgate_count_of_names(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
