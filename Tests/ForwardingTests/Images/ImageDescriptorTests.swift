import Foundation
import TestSupport
import Testing

@testable import Forwarding

/// The process has no file descriptor left: each case in a process of its own.
@Suite struct ImageDescriptorTests {
    @Test(arguments: [true, false])
    func aWantOfDescriptorsIsNobodysFaultButOurs(isAssociated: Bool) async throws {
        await #expect(processExitsWith: .success) { [isAssociated = isAssociated as Bool] in
            let (images, pacs) = (try TestImages(), try ImagePACS())
            try forwarding(images, to: pacs.port, { $0.associations = 1 }) { forwarder, told in
                if isAssociated {
                    try images.put("1-a")
                    forwarder.wake()
                    #expect(told.waitForForwarded(1))
                }
                try images.put("1-b")
                // One is left, for the file; neither an association nor a second look at the file finds another.
                let limit = try Self.leaveOneDescriptor()
                forwarder.wake()
                #expect(told.wait { $0.contains { if case .stuck = $0 { true } else { false } } })
                var before = limit
                try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &before) == 0)
                #expect(told.waitForForwarded(isAssociated ? 2 : 1))
                #expect(told.changes.isEmpty)
                #expect(!told.all.contains { if case .refused = $0 { true } else { false } })
            }
            #expect(try images.queued("1").isEmpty)
        }
    }

    /// - Returns: the limit that there was.
    private static func leaveOneDescriptor() throws -> rlimit {
        let free = open("/dev/null", O_RDONLY | O_CLOEXEC)
        close(free)
        var limit = rlimit()
        try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        var lower = rlimit(rlim_cur: rlim_t(free) + 1, rlim_max: limit.rlim_max)
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &lower) == 0)
        return limit
    }
}
