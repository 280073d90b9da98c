import Testing

@testable import Gateway

struct StatusLineTests {
    @Test func itSaysHowItFares() {
        var line = StatusLine(associations: 3, openStudies: 12)
        line.held = 2
        line.destinations = [
            .init(name: "region", waiting: 0, isUp: true), .init(name: "site", waiting: 7, isUp: false),
        ]
        line.freeBytes = 41 * 1024 * 1024 * 1024
        #expect(
            line.text
                == "3 associations, 12 open studies, 2 held, 0 waiting for region (up), 7 waiting for site (down), "
                + "\(ByteCount.rounded(41 * 1024 * 1024 * 1024)) free")
    }

    @Test func whatIsWrongComesFirst() {
        var line = StatusLine(associations: 0, openStudies: 1)
        line.isRefusing = true
        line.imageDestinationsDown = ["archive"]
        #expect(line.text.hasPrefix("refusing images: the spool cannot be written, images to archive down, 0 assoc"))
    }

    @Test func manyDestinationsAreCut() {
        var line = StatusLine(associations: 1, openStudies: 1)
        line.destinations = (0..<50).map { .init(name: "région-\($0)", waiting: $0, isUp: true) }
        #expect(line.text.utf8.count <= StatusLine.limit && line.text.utf8.count > StatusLine.limit - 4)
        #expect(line.text.hasSuffix("..."))
    }
}
