// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "kosgate",
    products: [
        .executable(name: "kosgate", targets: ["kosgate"]),
        // For Tests/Benchmarks only.
        .library(name: "KeyObjects", targets: ["KeyObjects", "DICOM"]),
        .library(name: "Spool", targets: ["Spool"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        .target(name: "DICOM", dependencies: ["CZlib"]),
        .target(name: "DICOMNetwork", dependencies: ["DICOM"]),
        .target(name: "Studies", dependencies: ["DICOM", "Threads"]),
        .target(name: "KeyObjects", dependencies: ["DICOM"]),
        .target(name: "Threads"),
        .target(name: "Spool", dependencies: ["Threads", "CSQLite", "CZstd"]),
        .target(name: "Trust", dependencies: ["COpenSSL"]),
        .target(name: "Sockets", dependencies: ["Threads", "Trust"]),
        .target(name: "Host", dependencies: ["Threads", "CSystemd"]),
        .target(name: "Associations", dependencies: ["DICOM", "DICOMNetwork", "Sockets", "Threads", "Trust"]),
        .target(
            name: "Forwarding", dependencies: ["DICOM", "DICOMNetwork", "Associations", "Spool", "Threads"]),
        .target(
            name: "Gateway",
            dependencies: [
                "DICOM", "DICOMNetwork", "Studies", "KeyObjects", "Threads", "Spool", "Trust", "Sockets", "Host",
                "Associations", "Forwarding",
            ]),
        .target(
            name: "Rehearsal",
            dependencies: [
                "Gateway", "DICOM", "DICOMNetwork", "Studies", "KeyObjects", "Sockets", "Associations", "Threads",
            ]),
        .executableTarget(
            name: "kosgate",
            dependencies: [
                "Gateway", "Rehearsal", "DICOM", "DICOMNetwork", "KeyObjects", "Associations", "Host", "Threads",
                "CLinux",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(
            name: "TestSupport",
            dependencies: ["Associations", "DICOM", "DICOMNetwork", "Threads", "Trust", "COpenSSL", "CZlib"],
            path: "Tests/TestSupport"),
        .testTarget(name: "DICOMTests", dependencies: ["DICOM", "TestSupport"]),
        .testTarget(
            name: "DICOMNetworkTests", dependencies: ["DICOMNetwork", "DICOM", "TestSupport"],
            exclude: ["Table9-10.tsv"]),
        .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
        .testTarget(name: "StudiesTests", dependencies: ["Studies", "DICOM", "Threads", "TestSupport"]),
        .testTarget(name: "KeyObjectsTests", dependencies: ["KeyObjects", "DICOM", "TestSupport"]),
        .testTarget(name: "SpoolTests", dependencies: ["Spool", "Threads", "TestSupport"]),
        .testTarget(name: "SocketsTests", dependencies: ["Sockets", "Threads", "Trust", "TestSupport"]),
        .testTarget(name: "HostTests", dependencies: ["Host", "Threads"]),
        .testTarget(name: "TrustTests", dependencies: ["Trust", "TestSupport"]),
        .testTarget(
            name: "AssociationsTests",
            dependencies: ["Associations", "DICOMNetwork", "DICOM", "Sockets", "Threads", "Trust", "TestSupport"]),
        .testTarget(
            name: "ForwardingTests",
            dependencies: ["Forwarding", "Associations", "DICOMNetwork", "DICOM", "Spool", "Threads", "TestSupport"]),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "DICOM", "DICOMNetwork", "KeyObjects", "Associations", "Host", "Spool", "Threads",
                "Trust", "TestSupport",
            ]),
        .testTarget(
            name: "RehearsalTests",
            dependencies: [
                "Rehearsal", "Gateway", "Associations", "DICOM", "DICOMNetwork", "KeyObjects", "Threads", "TestSupport",
            ]),
        .testTarget(name: "ArchitectureTests"),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// One set of rules for every Swift target (Sources/README.md says why).
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableExperimentalFeature("Lifetimes"),
    ]
}
