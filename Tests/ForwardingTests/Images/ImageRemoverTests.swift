import Spool
import Testing
import Threads

@testable import Forwarding

@Suite struct ImageRemoverTests {
    private let remover = ImageRemover()

    private func forget(_ name: String, _ images: TestImages) throws -> ImageLeftovers {
        try images.spool.forgetImages([try images.image(name).id]).leftovers
    }

    @Test func withoutItsThreadFilesAreRemovedAtOnce() throws {
        let images = try TestImages(["1-a", "1-b"])
        remover.take(try forget("1-a", images))
        #expect(images.files.count == 1)
    }

    @Test func allThatItTookIsRemovedWhenItEnds() throws {
        let images = try TestImages((0..<40).map { "1-\($0)" })
        let thread = try OSThread(name: "remover") { [remover] in remover.run() }
        for index in 0..<40 { remover.take(try forget("1-\(index)", images)) }
        remover.end()
        thread.join()
        #expect(images.files.isEmpty && images.spool.imageBytes == 0)
    }

    @Test func aFileIsThereAsLongAsItsLeftoversAreHeld() throws {
        let images = try TestImages(["1-a"])
        do {
            let leftovers = try forget("1-a", images)
            #expect(try images.queued("1").isEmpty && images.files.count == 1)
            withExtendedLifetime(leftovers) {}
        }
        #expect(images.files.isEmpty)
    }

    @Test func aRecoveryMeanwhileCountsThemAndLeavesThem() throws {
        let images = try TestImages(["1-a", "1-b"])
        let bytes = images.spool.imageBytes
        do {
            let leftovers = try forget("1-a", images)
            try images.spool.recover()
            #expect(images.files.count == 2 && images.spool.imageBytes == bytes)
            withExtendedLifetime(leftovers) {}
        }
        #expect(images.files.count == 1 && images.spool.imageBytes == bytes / 2)
    }

    @Test func whatAnEndOfTheProcessLeftIsRemovedAtTheStart() throws {
        let images = try TestImages(["1-a", "1-b"])
        let leftovers = try forget("1-a", images)
        try images.restart()
        #expect(images.files.count == 1)
        withExtendedLifetime(leftovers) {}
    }
}
