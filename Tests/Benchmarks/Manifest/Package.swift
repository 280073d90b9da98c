// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "manifest-benchmark",
    dependencies: [.package(name: "kosgate", path: "../../..")],
    targets: [
        .executableTarget(
            name: "manifest-benchmark", dependencies: [.product(name: "KeyObjects", package: "kosgate")])
    ]
)
