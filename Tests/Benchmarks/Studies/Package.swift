// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "studies-benchmark",
    dependencies: [.package(name: "kosgate", path: "../../..")],
    targets: [
        .executableTarget(
            name: "studies-benchmark", dependencies: [.product(name: "Spool", package: "kosgate")])
    ]
)
