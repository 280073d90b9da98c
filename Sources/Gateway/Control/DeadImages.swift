import Spool

/// Images of one study that a destination refused for one reason.
struct DeadImages {
    /// One or more.
    private(set) var images: [ImageDelivery]

    var first: ImageDelivery { images[0] }

    /// In the order in which the first of each died.
    static func grouped(_ images: [ImageDelivery]) -> [DeadImages] {
        var groups: [DeadImages] = []
        var places: [Kind: Int] = [:]
        for image in images {
            let kind = Kind(
                destination: image.id.destination, study: image.study, reason: image.lastError,
                isRejectionNote: image.isBarrier)
            if let place = places[kind] {
                groups[place].images.append(image)
            } else {
                places[kind] = groups.count
                groups.append(DeadImages(images: [image]))
            }
        }
        return groups
    }

    private struct Kind: Hashable {
        var destination: String
        var study: StudyEntry.ID
        var reason: String?
        var isRejectionNote: Bool
    }

    /// ID, destination, source, study, what, since, reason.
    func cells(_ study: StudyEntry?) -> [String] {
        let what = counted(images.count, first.isBarrier ? "rejection note" : "image")
        return [
            first.name, first.id.destination, study?.source ?? "–", study?.uid ?? "–", what,
            ControlTime.text(first.deadSince), first.lastError ?? "–",
        ]
    }
}
