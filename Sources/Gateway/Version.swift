/// The version of the product.
public enum Version {
    public static let text = "0.1.0"
}
