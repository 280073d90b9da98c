import Forwarding
import Spool
import Studies

extension ImageIntake {
    /// What an earlier run left: told, and known again.
    func recover() throws(SpoolError) {
        try modes.load()
        for image in spool.missingImages {
            guard let entry = try spool.study(image.study) else { continue }
            tell(.lost(StudyKey(entry), instance: image.instance, destination: image.id.destination))
        }
        for (destination, summary) in try spool.imageSummary().sorted(by: { $0.key < $1.key }) {
            if !isConfigured(destination) {
                let images = summary.depth + summary.sent + summary.dead
                tell(.orphaned(destination: destination, images: images, bytes: summary.storedBytes))
            } else if summary.depth > 0 {
                tell(.waiting(destination: destination, images: summary.depth, bytes: summary.bytes))
            }
        }
    }
}
